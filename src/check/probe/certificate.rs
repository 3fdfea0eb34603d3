//! The certificate that a server shows, read whether it is valid or not.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::Url;

use super::super::Finding;
use super::super::judge::{Certificate, certificate};
use super::{Probe, told};

pub(super) struct CertificateProbe {
    component: String,
    host: String,
    port: u16,
}

impl CertificateProbe {
    /// The probe of an address with TLS; `None`: it has none.
    pub(super) fn of(component: &str, url: &Url) -> Option<Self> {
        let host = url.host_str().filter(|_| url.scheme() == "https")?;
        // An address of version 6 stands in brackets in a URL, and without them everywhere else.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { component: component.to_owned(), host, port: url.port_or_known_default()? })
    }

    async fn seen(&self) -> Result<Certificate, String> {
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| told(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(TakesAny(provider)))
            .with_no_client_auth();
        let name = ServerName::try_from(self.host.clone()).map_err(|error| told(&error))?;
        let stream =
            TcpStream::connect((self.host.as_str(), self.port)).await.map_err(|error| told(&error))?;
        let stream =
            TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| told(&error))?;
        let shown = stream.get_ref().1.peer_certificates().and_then(|all| all.first());
        let shown = shown.ok_or_else(|| "the server showed none".to_owned())?;
        let (_, read) = x509_parser::parse_x509_certificate(shown).map_err(|error| told(&error))?;
        let validity = read.validity();
        Ok(Certificate { from_s: validity.not_before.timestamp(), until_s: validity.not_after.timestamp() })
    }
}

#[async_trait]
impl Probe for CertificateProbe {
    async fn look(&self) -> Vec<Finding> {
        let seen = self.seen().await;
        vec![certificate(&self.component, &self.host, &seen, Timestamp::now())]
    }

    fn unseen(&self, why: &str) -> Vec<Finding> {
        vec![certificate(&self.component, &self.host, &Err(why.to_owned()), Timestamp::now())]
    }
}

/// Takes any certificate: it is read, and nothing is ever sent over that connection. Whether it is trusted, the health check says.
#[derive(Debug)]
struct TakesAny(Arc<CryptoProvider>);

impl ServerCertVerifier for TakesAny {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
