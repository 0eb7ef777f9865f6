//! Who moves when, and what the losses are.
