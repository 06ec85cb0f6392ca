//! Encrypted connections.

mod authority;
mod cancel;
mod certificate;
mod client;
mod end;
mod mode;
mod negotiation;
mod secured;

use orm_core::prelude::*;

/// What the server says of its connections.
#[derive(Model, Clone, Debug)]
#[orm(table = "pg_stat_ssl")]
struct Encryption {
    #[orm(primary_key)]
    pid: i32,
    ssl: bool,
}

fn own_pid() -> Expr<i32> {
    func::call::<i32>("pg_backend_pid", ()).never_null()
}

/// Whether a connection of the engine is encrypted, as the server sees it.
async fn is_encrypted(engine: &Engine) -> bool {
    engine.one(select(Encryption.ssl).filter(Encryption.pid.eq(own_pid()))).await.unwrap()
}

/// The error of an engine that cannot connect.
async fn refused(builder: orm_core::engine::EngineBuilder) -> orm_core::Error {
    builder.connect().await.expect_err("there is no connection")
}

#[track_caller]
fn says(error: &orm_core::Error, parts: &[&str]) {
    for part in parts {
        assert!(error.to_string().contains(part), "{part} in {error}");
    }
}
