//! Tests of what crosses the crates: the arrows of the house and the protocol's
//! TypeScript. The code is in `tests/`.
