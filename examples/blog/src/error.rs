//! Errors as answers: what the caller can mend is told, the rest is a 500.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error of a handler; `?` makes one of an error of the ORM.
pub struct Failed(orm_core::Error);

#[derive(Serialize)]
struct Message {
    error: &'static str,
}

impl From<orm_core::Error> for Failed {
    fn from(error: orm_core::Error) -> Self {
        Failed(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let Failed(error) = self;
        let (status, message) = match &error {
            error if error.is_no_row() => (StatusCode::NOT_FOUND, "there is no such row"),
            error if error.is_unique_violation() => (StatusCode::CONFLICT, "the name is taken"),
            error if error.is_foreign_key_violation() => {
                (StatusCode::UNPROCESSABLE_ENTITY, "it refers to what is not there")
            }
            error if error.is_invalid_statement() => {
                (StatusCode::BAD_REQUEST, "the cursor is not of this list")
            }
            _ => {
                eprintln!("{error}");
                (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong")
            }
        };
        (status, Json(Message { error: message })).into_response()
    }
}
