//! How much is sent before answers are waited for: the driver's queue has no bound of its own.

use super::Request;
use crate::types::Parameter;

/// How many statements are sent before answers are waited for: the driver's queue has no bound of its own.
const CHUNK: usize = 64;

/// How many bytes of parameters are sent before answers are waited for, unless a single statement has more.
const BYTES: usize = 8 << 20;

/// How many of the statements go out together.
pub(super) fn fitting(requests: &[Request<'_>]) -> usize {
    let chunk = &requests[..requests.len().min(CHUNK)];
    let mut bytes = 0;
    let too_many = chunk.iter().position(|request| {
        bytes += request.parameters.iter().map(Parameter::size).sum::<usize>();
        bytes > BYTES
    });
    too_many.map_or(chunk.len(), |at| at.max(1))
}

#[cfg(test)]
mod tests {
    use super::{BYTES, CHUNK, fitting};
    use crate::engine::{Columns, Request};
    use crate::types::{Parameter, list};

    /// How statements with one parameter each are cut.
    fn cut(parameters: &[Parameter]) -> Vec<usize> {
        let request = |parameter| {
            let parameters = std::slice::from_ref(parameter);
            Request::new("SELECT $1", parameters, Columns::Builtin)
        };
        let requests: Vec<_> = parameters.iter().map(request).collect();
        let mut rest = &requests[..];
        let mut counts = Vec::new();
        while !rest.is_empty() {
            counts.push(fitting(rest));
            rest = &rest[counts[counts.len() - 1]..];
        }
        counts
    }

    #[test]
    fn small_statements_are_cut_by_their_number() {
        assert_eq!(cut(&vec![Parameter::new(1); 2 * CHUNK + 1]), [CHUNK, CHUNK, 1]);
    }

    #[test]
    fn large_statements_are_cut_by_their_size_whatever_it_comes_from() {
        let third = BYTES / 3;
        for large in [
            Parameter::new("x".repeat(third)),
            Parameter::new(Some(vec![0_u8; third])),
            Parameter::new(vec!["x".repeat(third / 2); 2]),
            list(vec![0_i64; third / 8]),
        ] {
            assert_eq!(cut(&vec![large; 7]), [3, 3, 1]);
        }
    }

    #[test]
    fn a_statement_above_the_bound_goes_alone() {
        let (small, large) = (Parameter::new(1), Parameter::new("x".repeat(BYTES + 1)));
        assert_eq!(cut(&[small.clone(), large.clone(), large, small.clone(), small]), [1, 1, 1, 2]);
    }
}
