//! Tests of this room against a server.
