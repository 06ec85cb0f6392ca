//! Whom to trust, and who we are.

use super::EngineBuilder;

impl EngineBuilder {
    /// The certificates (PEM) of the authorities that are trusted to have signed the server's, in place of the URL's
    /// `sslrootcert`.
    ///
    /// Where the URL says no `sslmode`, it is then `verify-full`.
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.root_certificate = Some(pem.as_ref().to_vec());
        self
    }

    /// The certificate (PEM, with those between it and its authority behind it) and the private key by which the server
    /// knows us, in place of the URL's `sslcert` and `sslkey`.
    pub fn client_certificate(mut self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        self.client_certificate = Some((certificate.as_ref().to_vec(), key.as_ref().to_vec()));
        self
    }
}
