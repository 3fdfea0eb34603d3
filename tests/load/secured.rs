//! TLS: an authority that is not known, one that is named, and a certificate of another name.

use std::sync::Arc;
use std::time::Duration;

use loadline::load::engine::{Means, Trust};
use loadline::load::measured::Level;
use loadline::load::plan::Drive;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio_rustls::TlsAcceptor;

use crate::server::{Manner, Server};
use crate::support::{driven, means, test};

/// An authority of its own, as PEM, and a server with a certificate of it for this name.
pub(crate) fn server(name: &str) -> (String, Server) {
    let authority_key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    // A name of its own: some take a certificate whose issuer is called as itself for one that signed itself.
    params.distinguished_name.push(rcgen::DnType::CommonName, "authority of a test");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&authority_key).unwrap();
    let issuer = Issuer::from_params(&params, &authority_key);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    (authority.pem(), Server::start_with(Manner::After(Duration::from_millis(1)), Some(acceptor)))
}

fn level(server: &Server, trust: Trust) -> Level {
    let url = format!("https://localhost:{}", server.address.port());
    let means = Means { trust, ..means() };
    driven(&test(&url, Drive::Users(20)), &means).unwrap().0.remove(0)
}

#[test]
fn a_named_authority_is_believed_and_no_other() {
    let (authority, server) = server("localhost");
    let good = level(&server, Trust::Own(authority.into_bytes()));
    assert_eq!((good.all.errors, good.failures.len()), (0, 0), "{:?}", good.failures);
    let (other, _) = self::server("localhost");
    let bad = level(&server, Trust::Own(other.into_bytes()));
    assert_eq!(bad.all.errors, bad.all.requests);
    assert!(
        bad.failures.keys().all(|it| it.starts_with("TLS: invalid peer certificate")),
        "{:?}",
        bad.failures
    );
}

#[test]
fn a_certificate_of_another_name_is_none() {
    let (authority, server) = server("other.example.org");
    let bad = level(&server, Trust::Own(authority.into_bytes()));
    assert_eq!(bad.all.errors, bad.all.requests);
    assert!(bad.failures.keys().all(|it| it.contains("not valid for name")), "{:?}", bad.failures);
}

#[test]
fn a_file_without_certificates_sends_nothing() {
    let (_, server) = server("localhost");
    let url = format!("https://localhost:{}", server.address.port());
    let means = Means { trust: Trust::Own(b"no certificate".to_vec()), ..means() };
    let error = driven(&test(&url, Drive::Users(1)), &means).unwrap_err();
    assert!(error.said.contains("name them with --ca"), "{error}");
}
