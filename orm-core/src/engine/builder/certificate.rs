//! Whom to trust, and who we are.

use super::EngineBuilder;

impl EngineBuilder {
    /// The certificates (PEM) of the authorities that are trusted to have signed the server's, in place of the URL's
    /// `sslrootcert`.
    ///
    /// Where the URL says no `sslmode`, it is then `verify-full`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let pem = std::fs::read("/etc/app/root.crt").unwrap_or_default();
    /// let engine = Engine::builder(url).root_certificate(pem).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.root_certificate = Some(pem.as_ref().to_vec());
        self
    }

    /// The certificate (PEM, with those between it and its authority behind it) and the private key by which the server
    /// knows us, in place of the URL's `sslcert` and `sslkey`.
    ///
    /// ```no_run
    /// # use orm_core::prelude::*;
    /// # async fn example(url: &str) -> Result<(), Error> {
    /// let (certificate, key) = ("-----BEGIN CERTIFICATE-----..", "-----BEGIN PRIVATE KEY-----..");
    /// let engine = Engine::builder(url).client_certificate(certificate, key).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_certificate(mut self, certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Self {
        self.client_certificate = Some((certificate.as_ref().to_vec(), key.as_ref().to_vec()));
        self
    }
}
