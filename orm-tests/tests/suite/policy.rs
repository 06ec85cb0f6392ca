//! Row policies: made, compared, and held by the server for each tenant.

use orm_core::DifferenceKind;
use orm_core::engine::Context;
use orm_core::prelude::*;
use orm_tests::{Database, Fixture, MEMBER, poll_awake};

#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "invoices", row_security = force)]
#[orm(policy(name = "tenant", using = "tenant = nullif(current_setting('app.tenant', true), '')::bigint"))]
#[orm(policy(name = "no_zero", for = insert, check = "amount > 0", restrictive))]
struct Invoice {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(default = "nullif(current_setting('app.tenant', true), '')::bigint")]
    tenant: i64,
    amount: i64,
}

/// One connection for all tenants, whose login may see nothing itself, or is a superuser who sees all.
struct Tenants {
    engine: Engine,
    database: Database,
    role: Option<&'static str>,
}

impl Tenants {
    async fn new() -> Tenants {
        let database = Database::create().await;
        let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
        engine.create_all(schema![Invoice]).await.unwrap();
        let role = database.has_roles().await.then_some(MEMBER);
        database.execute("GRANT ALL ON invoices TO public").await;
        Tenants { engine, database, role }
    }

    fn of(&self, tenant: i64) -> Engine {
        let context = Context::new().set("app.tenant", tenant);
        self.engine.with(match self.role {
            Some(role) => context.role(role),
            None => context,
        })
    }

    /// The amounts that a tenant sees, in order.
    async fn amounts(&self, tenant: i64) -> Vec<i64> {
        self.of(tenant).all(select(Invoice.amount).order_by(Invoice.amount)).await.unwrap()
    }

    /// Neither sees the other's, and without a tenant nobody anything.
    async fn assert_apart(&self, one: &[i64], two: &[i64]) {
        assert_eq!(self.amounts(1).await, one);
        assert_eq!(self.amounts(2).await, two);
        assert_eq!(self.amounts(3).await, [0_i64; 0]);
        let is_superuser = self.database.query_text("SELECT current_setting('is_superuser')").await;
        if is_superuser == [[Some("off".to_owned())]] {
            assert_eq!(self.engine.all(select(Invoice)).await.unwrap(), []);
        }
    }
}

fn invoice(amount: i64) -> NewInvoice {
    NewInvoice::new(amount)
}

#[tokio::test]
async fn two_tenants_on_one_connection_never_see_each_other_s_rows() {
    let tenants = Tenants::new().await;
    for tenant in [1, 2] {
        let engine = tenants.of(tenant);
        engine.execute(insert(Invoice).values(invoice(tenant * 10))).await.unwrap();
        let mut session = SessionMaker::new(engine).session();
        session.add(invoice(tenant * 10 + 1));
        session.commit().await.unwrap();
    }
    tenants.assert_apart(&[10, 11], &[20, 21]).await;
    let one = tenants.of(1);
    assert_eq!(
        one.execute(update(Invoice).set(Invoice.amount, Invoice.amount + 1).all_rows()).await.unwrap(),
        2
    );
    assert_eq!(one.execute(delete(Invoice).filter(Invoice.amount.gt(20))).await.unwrap(), 0);
    tenants.assert_apart(&[11, 12], &[20, 21]).await;
    let foreign = NewInvoice { tenant: Some(2), ..invoice(5) };
    for refused in [foreign, invoice(0)] {
        let error = one.execute(insert(Invoice).values(refused)).await.unwrap_err();
        assert!(error.is_insufficient_privilege(), "{error}");
    }
    tenants.assert_apart(&[11, 12], &[20, 21]).await;
}

#[tokio::test]
async fn whatever_becomes_of_one_tenant_s_work_the_next_sees_its_own() {
    let tenants = Tenants::new().await;
    for tenant in [1, 2] {
        let many: Vec<_> = (1..=2_500).map(|n| invoice(tenant * 10_000 + n)).collect();
        assert_eq!(tenants.of(tenant).execute(insert(Invoice).values(many)).await.unwrap(), 2_500);
    }
    let one = tenants.of(1);
    let counts = async || {
        let count = select((func::count(Invoice.id), func::min(Invoice.amount)));
        assert_eq!(tenants.of(2).one(count).await.unwrap(), (2_500, Some(20_001)));
    };
    // A transaction that fails.
    let mut transaction = one.begin().await.unwrap();
    transaction.execute(insert(Invoice).values(invoice(0))).await.unwrap_err();
    drop(transaction);
    counts().await;
    // A stream that is dropped.
    let mut stream = one.stream(select(Invoice)).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().tenant, 1);
    drop(stream);
    counts().await;
    // A panic.
    let panicking = one.clone();
    let task = tokio::spawn(async move {
        let mut session = SessionMaker::new(panicking).session();
        session.first(select(Invoice)).await.unwrap();
        panic!("the program's own");
    });
    assert!(task.await.is_err());
    counts().await;
    // A statement that is cancelled half way.
    for polls in 1..4 {
        let read = one.all(select(Invoice).cross_join(Invoice.alias("other")).limit(100_000));
        assert!(poll_awake(polls, read).await.is_none());
        counts().await;
    }
}

#[tokio::test]
async fn create_all_makes_policies_and_check_schema_finds_them_again() {
    let tenants = Tenants::new().await;
    let engine = &tenants.engine;
    assert!(engine.check_schema(schema![Invoice]).await.unwrap().is_empty());
    engine.create_all(schema![Invoice]).await.unwrap();
    let policies = "SELECT polname, polcmd, polpermissive FROM pg_policy ORDER BY polname";
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        tenants.database.query_text(policies).await,
        [[text("no_zero"), text("a"), text("f")], [text("tenant"), text("*"), text("t")]]
    );
    engine.drop_all(schema![Invoice]).await.unwrap();
}

#[tokio::test]
async fn each_difference_of_policies_is_told() {
    let fixture = Fixture::new(schema![Invoice]).await;
    let tenant = "tenant = nullif(current_setting('app.tenant', true), '')::bigint";
    let alter = "ALTER POLICY tenant ON invoices USING";
    let again = "DROP POLICY tenant ON invoices; CREATE POLICY tenant ON invoices";
    for (change, kind, expected) in [
        (
            "ALTER TABLE invoices NO FORCE ROW LEVEL SECURITY".to_owned(),
            DifferenceKind::RowSecurity,
            "found it enabled",
        ),
        (
            "ALTER TABLE invoices DISABLE ROW LEVEL SECURITY".to_owned(),
            DifferenceKind::RowSecurity,
            "found it disabled",
        ),
        (
            "DROP POLICY tenant ON invoices".to_owned(),
            DifferenceKind::Policy,
            "expected the policy \"tenant\"",
        ),
        (format!("{alter} (true)"), DifferenceKind::Policy, "found USING (true)"),
        (
            format!("{alter} (tenant = current_setting('app.other')::bigint)"),
            DifferenceKind::Policy,
            "app.other",
        ),
        (
            format!("{again} FOR SELECT USING ({tenant})"),
            DifferenceKind::Policy,
            "found PERMISSIVE FOR SELECT TO public",
        ),
        (
            format!("{again} AS RESTRICTIVE USING ({tenant})"),
            DifferenceKind::Policy,
            "found RESTRICTIVE FOR ALL",
        ),
        (
            format!("{again} USING ({tenant}) WITH CHECK (true)"),
            DifferenceKind::Policy,
            "found WITH CHECK (true)",
        ),
        (format!("{again} TO CURRENT_USER USING ({tenant})"), DifferenceKind::Policy, "FOR ALL TO "),
        (
            "CREATE POLICY more ON invoices USING (true)".to_owned(),
            DifferenceKind::Policy,
            "expected no policy \"more\" of \"invoices\", found one PERMISSIVE FOR ALL TO public USING (true)",
        ),
    ] {
        fixture.database.execute(&change).await;
        let found = fixture.engine.check_schema(schema![Invoice]).await.unwrap();
        assert_eq!(found.len(), 1, "{change}: {found}");
        assert_eq!(found[0].kind(), kind, "{change}");
        assert!(found[0].to_string().contains(expected), "{change}: {found}");
        fixture.engine.drop_all(schema![Invoice]).await.unwrap();
        fixture.engine.create_all(schema![Invoice]).await.unwrap();
    }
}

/// The same table, whose model says nothing of who sees what.
#[derive(Model, Clone, Debug, PartialEq)]
#[orm(table = "invoices")]
struct Plain {
    #[orm(primary_key, generated)]
    id: i64,
    #[orm(default = "0")]
    tenant: i64,
    amount: i64,
}

#[tokio::test]
async fn a_model_that_says_nothing_of_policies_differs_by_none_and_a_table_that_was_there_gets_none() {
    let fixture = Fixture::new(schema![Plain]).await;
    fixture.engine.create_all(schema![Invoice]).await.unwrap();
    let found = fixture.engine.check_schema(schema![Invoice]).await.unwrap();
    let kinds: Vec<_> = found.iter().map(|difference| difference.kind()).collect();
    assert_eq!(kinds, [DifferenceKind::RowSecurity, DifferenceKind::Policy, DifferenceKind::Policy]);
    fixture.engine.drop_all(schema![Plain]).await.unwrap();
    fixture.engine.create_all(schema![Invoice]).await.unwrap();
    assert!(fixture.engine.check_schema(schema![Plain]).await.unwrap().is_empty());
}
