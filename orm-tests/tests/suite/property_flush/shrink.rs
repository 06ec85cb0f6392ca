//! Makes a case that fails smaller, and tells it.

use super::bench::Bench;
use super::case::{Case, Operation, Say, Target};
use super::oracle::Orders;
use super::run::Fault;

impl Bench {
    /// The same fault with fewer operations and rows.
    pub async fn shrink(&self, case: Case, fault: Fault, seed: u64) -> (Case, Orders, Fault) {
        let (mut case, mut fault) = (case, fault);
        'smaller: loop {
            for candidate in candidates(&case) {
                let Some((orders, may_fail)) = self.orders(&candidate).await else { continue };
                for seed in seed..seed + 3 {
                    match self.run(&candidate, &orders, may_fail, seed).await {
                        Err(other) if other.kind == fault.kind => {
                            (case, fault) = (candidate, other);
                            continue 'smaller;
                        }
                        _ => {}
                    }
                }
            }
            let orders = self.orders(&case).await.unwrap_or_default().0;
            return (case, orders, fault);
        }
    }

    /// All that it takes to see the fault.
    pub fn describe(&self, case: &Case, orders: &Orders, fault: &Fault, seed: u64) -> String {
        let statements: Vec<String> =
            orders.statements.iter().enumerate().map(|(number, sql)| format!("  {number}: {sql}")).collect();
        let passing: Vec<String> = orders
            .passing
            .iter()
            .map(|(path, state)| format!("  {path} leaves {}", state.describe(&self.schema)))
            .collect();
        let failing: Vec<String> = orders.failing.iter().take(8).map(|why| format!("  {why}")).collect();
        let sent: Vec<String> = fault
            .sent
            .iter()
            .filter(|sql| !sql.contains("flush_lines"))
            .map(|sql| format!("  {sql}"))
            .collect();
        format!(
            "{:?}: {}\nschema {}; ORM_FLUSH_CASE={}:{seed} repeats it (before it was made smaller)\n{}touched: {}\nstatements of the \
             oracle:\n{}\norders that pass:\n{}\norders that fail:\n{}\nsent:\n{}\n",
            fault.kind,
            fault.why,
            self.schema.name,
            self.schema.name,
            case.describe(&self.schema),
            fault.touched.join(", "),
            statements.join("\n"),
            passing.join("\n"),
            failing.join("\n"),
            sent.join("\n"),
        )
    }
}

/// The case without an operation that no other needs, or without a row.
fn candidates(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for (number, _) in &case.operations {
        let needed = case.operations.iter().any(|(other, operation)| {
            other != number
                && matches!(operation, Operation::Insert { given, .. }
                    if given.iter().any(|(_, say)| *say == Say::Handle(Target::New(*number))))
        });
        if !needed && case.operations.len() > 1 {
            let mut smaller = case.clone();
            smaller.operations.retain(|(other, _)| other != number);
            found.push(smaller);
        }
    }
    for row in &case.rows {
        if !case.needs(row.tag) {
            let mut smaller = case.clone();
            smaller.rows.retain(|other| other.tag != row.tag);
            found.push(smaller);
        }
    }
    for (place, (_, operation)) in case.operations.iter().enumerate() {
        if let Operation::Update { tag, changes } = operation
            && changes.len() > 1
        {
            for change in 0..changes.len() {
                let mut changes = changes.clone();
                changes.remove(change);
                let mut smaller = case.clone();
                smaller.operations[place].1 = Operation::Update { tag: *tag, changes };
                found.push(smaller);
            }
        }
    }
    found
}
