//! Certificates made by a test.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// Who signs certificates.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub(super) pem: String,
}

/// A certificate and its private key, as PEM.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) certificate: String,
    pub(super) key: String,
}

impl Authority {
    pub(super) fn new() -> Authority {
        let key = KeyPair::generate().unwrap();
        let params = of_authority();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// A certificate for hosts.
    pub(super) fn server(&self, names: &[&str]) -> Identity {
        self.sign(of_server(names))
    }

    /// One that is no longer valid.
    pub(super) fn expired(&self, names: &[&str]) -> Identity {
        self.sign(expired(of_server(names)))
    }

    /// A certificate for a role.
    pub(super) fn role(&self, name: &str) -> Identity {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        self.sign(params)
    }

    fn sign(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        Identity { certificate, key: key.serialize_pem() }
    }
}

impl Identity {
    /// One that has signed itself, as `openssl req -x509` makes it.
    pub(super) fn self_signed(names: &[&str]) -> Identity {
        Identity::signing_itself(of_server(names))
    }

    pub(super) fn self_signed_and_expired(names: &[&str]) -> Identity {
        Identity::signing_itself(expired(of_server(names)))
    }

    fn signing_itself(mut params: CertificateParams) -> Identity {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Identity { certificate, key: key.serialize_pem() }
    }
}

fn of_authority() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "authority of a test");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn of_server(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    CertificateParams::new(names).unwrap()
}

fn expired(mut params: CertificateParams) -> CertificateParams {
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2020, 2, 1);
    params
}
