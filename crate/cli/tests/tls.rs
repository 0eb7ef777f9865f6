//! `fetch` trusts the certificates that this system trusts: a company's proxy
//! signs with its own certificate.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A certificate authority for the test.
fn authority() -> (Certificate, Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let own = params.self_signed(&key).unwrap();
    (own, Issuer::new(params, key))
}

/// Starts a mirror over TLS that has no files; returns its address.
fn mirror(issuer: &Issuer<'static, KeyPair>) -> String {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            let mut request = [0; 4096];
            // A client that does not trust the certificate closes the
            // connection.
            if stream.read(&mut request).is_ok() {
                let _ = stream.write_all(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                );
            }
        }
    });
    format!("https://localhost:{port}/")
}

/// The stderr of `fetch` if this system trusts the authorities in `trusted`.
fn fetch(mirror: &str, trusted: &Path, to: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ganvas-cli"))
        .args(["fetch", "--mirror", mirror, "--to", to.to_str().unwrap()])
        .env("SSL_CERT_FILE", trusted)
        .env("NO_PROXY", "localhost")
        .env_remove("SSL_CERT_DIR")
        .env_remove("MNIST_DIR")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success(), "the mirror has no files");
    String::from_utf8(output.stderr).unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn only_an_authority_of_this_system_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let (own, issuer) = authority();
    let (other, _) = authority();
    let (trusted, strange) = (folder.path().join("own.pem"), folder.path().join("other.pem"));
    fs::write(&trusted, own.pem()).unwrap();
    fs::write(&strange, other.pem()).unwrap();
    let mirror = mirror(&issuer);
    let printed = fetch(&mirror, &trusted, folder.path());
    assert!(printed.contains("the server answers 404"), "{printed}");
    for none in [strange, folder.path().join("missing.pem")] {
        let printed = fetch(&mirror, &none, folder.path());
        assert!(printed.contains("certificate") && !printed.contains("404"), "{printed}");
    }
}
