//! Checks that rows which are made of several can be sorted as asked.

use super::refuse;
use crate::error::Error;
use crate::query::ast::Select;

pub(super) fn select(select: &Select) -> Result<(), Error> {
    if select.distinct {
        for order in &select.order {
            if select.place_of(&order.content.node).is_none() {
                let message = "DISTINCT makes one row of several, which may differ in what ORDER BY sorts by: select that \
                               too, or sort by what is selected";
                return Err(refuse(message.to_owned(), order.at));
            }
        }
    }
    let on = select.distinct_on();
    if !select.keep().is_empty() && (select.distinct || !on.is_empty()) {
        let message = "`.keep(..)` looks at rows before DISTINCT does: make the whole a table with `.derived(\"name\")`, and \
                       select the different ones from that";
        return Err(refuse(message.to_owned(), select.at));
    }
    for order in select.order.iter().take(on.len()) {
        if !on.iter().any(|on| on.content.is_same(&order.content.node)) {
            let message = "`distinct_on` keeps the first row of several, so that ORDER BY must begin with the same \
                           expressions; what stands behind them says which row is the first";
            return Err(refuse(message.to_owned(), order.at));
        }
    }
    match &select.more {
        Some(more) if more.with_ties && select.order.is_empty() => {
            let message = "rows without an order have no ties: add `.order_by(..)` beside `.with_ties()`";
            Err(refuse(message.to_owned(), select.at))
        }
        Some(more) if more.with_ties && select.limit.is_none() => {
            let message = "`.with_ties()` keeps rows that sort as the last one of a limit: add `.limit(..)`";
            Err(refuse(message.to_owned(), select.at))
        }
        _ => Ok(()),
    }
}
