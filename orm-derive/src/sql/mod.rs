//! `sql!`: text of SQL with expressions in braces.

mod piece;
mod scan;

use proc_macro2::{Ident, Span, TokenStream as Tokens, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, LitStr, Result, Token};

use piece::{Piece, pieces};
use scan::Scanner;

/// The text, and the values for its empty braces.
struct Input {
    text: LitStr,
    arguments: Vec<Expr>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Input> {
        let text: LitStr = input.parse().map_err(|error| {
            Error::new(
                error.span(),
                "expected the text of the statement as a literal, such as sql!(\"SELECT ..\"): `sql_text(..)` takes text made \
                 at run time",
            )
        })?;
        let mut arguments = Vec::new();
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
            arguments = Punctuated::<Expr, Token![,]>::parse_terminated(input)?.into_iter().collect();
        }
        Ok(Input { text, arguments })
    }
}

/// The statement, or what is wrong with it.
pub(crate) fn sql(input: Tokens) -> Tokens {
    syn::parse2(input).and_then(expand).unwrap_or_else(|error| error.to_compile_error())
}

fn expand(input: Input) -> Result<Tokens> {
    let span = input.text.span();
    let refuse = |message: String| Error::new(span, message);
    let mut scanner = Scanner::default();
    let mut arguments = input.arguments.into_iter();
    // A name that no expression of the caller means, and that means the same wherever these come from.
    let collector = |at: Span| Ident::new("parts", Span::mixed_site().located_at(at));
    let collected = collector(Span::call_site());
    let mut parts = Vec::new();
    let mut expected = 0;
    for piece in pieces(&input.text.value()).map_err(refuse)? {
        let value = match piece {
            Piece::Text(text) => {
                scanner.read(&text).map_err(refuse)?;
                parts.push(quote!(#collected.text(#text);));
                continue;
            }
            Piece::Argument => {
                expected += 1;
                let Some(argument) = arguments.next() else {
                    return Err(refuse(format!(
                        "the text has at least {expected} empty braces, and only {} values follow it",
                        expected - 1
                    )));
                };
                argument.into_token_stream()
            }
            Piece::Expression(text) => at(expression(&text).map_err(refuse)?, span),
        };
        scanner.value().map_err(refuse)?;
        let at = at_span(&value, span);
        let collected = collector(at);
        let part = quote_spanned!(at=> #collected.part(#value));
        parts.push(quote!(#part;));
    }
    scanner.end().map_err(refuse)?;
    if let Some(argument) = arguments.next() {
        return Err(Error::new_spanned(
            argument,
            format!("the text has {expected} empty braces, one for each value behind it: this one has none"),
        ));
    }
    Ok(quote! {{
        let mut #collected = ::orm_core::codegen::SqlParts::new();
        #(#parts)*
        #collected.finish()
    }})
}

fn expression(text: &str) -> std::result::Result<Tokens, String> {
    match syn::parse_str::<Expr>(text) {
        Ok(expression) => Ok(expression.into_token_stream()),
        Err(error) => Err(format!(
            "`{text}` in braces is no Rust expression ({error}): a brace of the SQL itself is written twice, `{{{{` and `}}}}`"
        )),
    }
}

fn at_span(value: &Tokens, otherwise: Span) -> Span {
    value.clone().into_iter().next().map_or(otherwise, |token| token.span())
}

/// The same tokens, told of at the text they stand in, found as if they stood where the macro is called.
///
/// With the span of the text itself the compiler would offer to replace the whole text.
fn at(tokens: Tokens, span: Span) -> Tokens {
    let span = Span::call_site().located_at(span);
    let respanned = tokens.into_iter().map(|mut token| {
        if let TokenTree::Group(group) = &token {
            let mut inner = proc_macro2::Group::new(group.delimiter(), at(group.stream(), span));
            inner.set_span(span);
            return TokenTree::Group(inner);
        }
        token.set_span(span);
        token
    });
    respanned.collect()
}
