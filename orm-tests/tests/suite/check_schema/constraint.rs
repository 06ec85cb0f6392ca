//! Keys, constraints and indexes held against the live database.

use orm_core::DifferenceKind;
use orm_core::prelude::*;
use orm_tests::Fixture;

use super::{ACCOUNTS, Account, ENTRIES, after, expect};

#[tokio::test]
async fn missing_foreign_keys_are_found() {
    let change = "ALTER TABLE entries DROP CONSTRAINT entries_account_id_fkey, \
                  DROP CONSTRAINT entries_tenant_member_fkey";
    let texts = [
        "`Entry.account_id`: expected a foreign key \"entries_account_id_fkey\" from \"entries\" (\"account_id\") to \
         \"accounts\" (\"id\"), found none",
        "`Entry`: expected a foreign key \"entries_tenant_member_fkey\" from \"entries\" (\"tenant\", \"member\") to \
         \"members\" (\"tenant\", \"name\"), found none",
    ];
    expect(ENTRIES, change, DifferenceKind::ForeignKey, &texts).await;
}

#[tokio::test]
async fn a_foreign_key_that_points_elsewhere_or_does_something_else_is_found() {
    let change = "CREATE TABLE other (id bigint PRIMARY KEY); \
                  ALTER TABLE entries DROP CONSTRAINT entries_account_id_fkey, \
                  ADD CONSTRAINT entries_account_id_fkey FOREIGN KEY (account_id) REFERENCES other, \
                  DROP CONSTRAINT entries_tenant_member_fkey, \
                  ADD CONSTRAINT another FOREIGN KEY (member, tenant) REFERENCES members (name, tenant) ON DELETE CASCADE";
    let texts = [
        "`Entry.account_id`: expected the foreign key \"entries_account_id_fkey\" of \"entries\" to point at \"accounts\" \
         (\"id\"), found that it points at other (\"id\")",
        "`Entry`: expected the foreign key \"another\" of \"entries\" to say ON DELETE NO ACTION ON UPDATE CASCADE, found \
         ON DELETE CASCADE ON UPDATE NO ACTION",
    ];
    expect(ENTRIES, change, DifferenceKind::ForeignKey, &texts).await;
}

#[tokio::test]
async fn missing_unique_constraints_are_found_and_an_index_is_as_good() {
    let change = "ALTER TABLE accounts DROP CONSTRAINT accounts_email_key, \
                  DROP CONSTRAINT accounts_tenant_number_key";
    let texts = [
        "`Account.email`: expected the unique constraint \"accounts_email_key\" of \"accounts\" (\"email\"), found none",
        "`Account`: expected the unique constraint \"accounts_tenant_number_key\" of \"accounts\" (\"tenant\", \
         \"number\"), found none",
    ];
    expect(ACCOUNTS, change, DifferenceKind::Unique, &texts).await;
    let indexes =
        "CREATE UNIQUE INDEX one ON accounts (email); CREATE UNIQUE INDEX two ON accounts (number, tenant)";
    assert_eq!(after(ACCOUNTS, &format!("{change}; {indexes}")).await, []);
}

#[tokio::test]
async fn missing_check_constraints_are_found_by_their_names() {
    let change = "ALTER TABLE accounts DROP CONSTRAINT accounts_check, DROP CONSTRAINT accounts_rank_check";
    let texts = [
        "`Account`: expected the check constraint \"accounts_rank_check\" of \"accounts\", found none",
        "`Account`: expected the check constraint \"accounts_check\" of \"accounts\", found none",
    ];
    expect(ACCOUNTS, change, DifferenceKind::Check, &texts).await;
}

#[tokio::test]
async fn missing_and_other_indexes_are_found() {
    let change = "DROP INDEX accounts_number_tenant_idx, accounts_expr_idx, accounts_email_number_idx, accounts_tags_idx; \
                  CREATE INDEX accounts_number_tenant_idx ON accounts (tenant); \
                  CREATE INDEX accounts_email_number_idx ON accounts (email, number) WHERE number > 5; \
                  CREATE INDEX ON accounts (email, number)";
    let texts = [
        "`Account`: expected the index \"accounts_number_tenant_idx\" of \"accounts\" as btree (\"number\", \"tenant\"), \
         found btree (\"tenant\")",
        "`Account`: expected the index \"accounts_expr_idx\" of \"accounts\" as btree (lower(email)), found none",
        "`Account`: expected the index \"accounts_email_number_idx\" of \"accounts\" as unique btree (\"email\", \
         \"number\") of some rows, found btree (\"email\", \"number\") of some rows",
        "`Account`: expected the index \"accounts_tags_idx\" of \"accounts\" as gin (\"tags\"), found none",
    ];
    expect(ACCOUNTS, change, DifferenceKind::Index, &texts).await;
}

#[tokio::test]
async fn an_index_whose_making_failed_is_none() {
    let fixture = Fixture::new(schema![Account]).await;
    fixture.database.execute("DROP INDEX accounts_number_tenant_idx").await;
    let (client, connection) =
        tokio_postgres::connect(fixture.database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
        .batch_execute(
            "CREATE FUNCTION fails(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1 / $1; END'; \
             INSERT INTO accounts (email, tenant, number, mood, moods, tags, price, data, version) \
             VALUES ('', 0, 1, 'happy', '{}', '{}', 0, '{}', 1)",
        )
        .await
        .unwrap();
    let failing = "CREATE INDEX CONCURRENTLY accounts_number_tenant_idx ON accounts (number, fails(tenant))";
    client.batch_execute(failing).await.expect_err("division by zero");
    let found = fixture.engine.check_schema(ACCOUNTS).await.expect("checked");
    assert_eq!(
        found.to_string(),
        "`Account`: expected the index \"accounts_number_tenant_idx\" of \"accounts\" as btree (\"number\", \"tenant\"), \
         found one that is invalid, because its making failed"
    );
}

#[tokio::test]
async fn an_index_of_another_name_is_as_good() {
    let change =
        "ALTER INDEX accounts_number_tenant_idx RENAME TO one; ALTER INDEX accounts_tags_idx RENAME TO two";
    assert_eq!(after(ACCOUNTS, change).await, []);
}
