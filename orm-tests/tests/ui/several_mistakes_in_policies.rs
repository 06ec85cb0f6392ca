// expect: did you mean `using`? a policy has `name = ".."`
// at: usng
// expect: expected a word: write `for = select`
// at: "select"
// expect: a policy for `insert` is about rows that are not there yet: write this condition as `check = ".."`
// at: "tenant = 1"
// expect: a policy for `select` or `delete` is about rows that are there: write this condition as `using = ".."`
// at: "tenant = 2"
// expect: a policy has a condition for the rows that are there
// at: "empty"
// expect: there is a policy `one` already: write another with `name = ".."`
// at: "one", using = "true"
// expect: expected a name and a condition: write `policy(name = "own_rows", using = "owner = current_user")`
// at: policy(using = "false"
// expect: policies hold for all but the table's owner, or for the owner too
// at: forced
use orm_core::prelude::*;

#[derive(Model, Clone, Debug)]
#[orm(policy(name = "misspelt", usng = "tenant = 0", check = "true"))]
#[orm(policy(name = "one", for = "select", using = "true"))]
#[orm(policy(name = "new", for = insert, using = "tenant = 1"))]
#[orm(policy(name = "read", for = select, check = "tenant = 2"))]
#[orm(policy(name = "empty", for = update))]
#[orm(policy(name = "one", using = "true"))]
#[orm(policy(using = "false"))]
#[orm(row_security = forced)]
pub struct Account {
    #[orm(primary_key, generated)]
    pub id: i64,
    pub tenant: i64,
}

fn main() {}
