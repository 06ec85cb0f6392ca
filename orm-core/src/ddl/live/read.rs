//! Reads the catalogs, in one round trip and with no other right than to read them.

use super::{
    ConstraintKind, Live, LiveColumn, LiveConstraint, LiveIndex, LiveKind, LivePlace, LivePolicy, LiveType,
    Relation, RelationKind, SearchPath,
};
use crate::engine::{Answer, Columns, Connection, Request};
use crate::error::Error;
use crate::row::Cells;
use crate::schema::{Deferrable, Generated, RowSecurity, TableMeta};
use crate::types::{Parameter, list};

/// The tables that are asked for: schemas and names in `$1` and `$2`; `$3` says where those without a schema are.
const WANTED: &str = "WITH wanted AS (SELECT given.nth::int - 1 AS nth, n.nspname, c.oid, c.relkind, \
    c.relrowsecurity, c.relforcerowsecurity \
    FROM unnest($1, $2) WITH ORDINALITY AS given(schema, name, nth) \
    LEFT JOIN pg_namespace AS n \
    ON n.nspname = CASE WHEN schema <> '' THEN schema::name WHEN $3 THEN current_schema() END \
    LEFT JOIN pg_class AS c ON c.relname = name::name AND c.relkind IN ('r', 'p', 'f', 'v', 'm') \
    AND CASE WHEN schema = '' AND NOT $3 THEN pg_table_is_visible(c.oid) ELSE c.relnamespace = n.oid END)";

const RELATIONS: &str = "SELECT nth, nspname::text, oid::bigint, relkind::text, relrowsecurity, \
    relforcerowsecurity FROM wanted ORDER BY nth";

// A domain may be of a domain.
const COLUMNS: &str = "SELECT w.nth, a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid::bigint, base.oid::bigint, \
    format_type(base.oid, NULL), a.attnotnull OR base.not_null, a.attidentity::text, a.attgenerated <> '', \
    pg_get_expr(d.adbin, d.adrelid), EXISTS(SELECT FROM pg_depend AS s WHERE s.refclassid = 'pg_class'::regclass \
        AND s.refobjid = a.attrelid AND s.refobjsubid = a.attnum AND s.classid = 'pg_class'::regclass \
        AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.objid::regclass)), \
    base.has_default \
    FROM wanted AS w JOIN pg_attribute AS a \
    ON a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped \
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
    CROSS JOIN LATERAL (WITH RECURSIVE up AS (\
        SELECT t.oid, t.typbasetype, t.typnotnull, t.typdefault FROM pg_type AS t WHERE t.oid = a.atttypid \
        UNION ALL SELECT t.oid, t.typbasetype, t.typnotnull, t.typdefault \
        FROM up JOIN pg_type AS t ON t.oid = up.typbasetype) \
        SELECT max(oid) FILTER (WHERE typbasetype = 0) AS oid, bool_or(typnotnull) AS not_null, \
        bool_or(typdefault IS NOT NULL) AS has_default FROM up) AS base \
    ORDER BY w.nth, a.attnum";

const CONSTRAINTS: &str = "SELECT w.nth, k.conname::text, k.contype::text, k.condeferrable, k.condeferred, \
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS part(number, nth) \
          JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = part.number ORDER BY part.nth), \
    k.confrelid::bigint, k.confrelid::regclass::text, \
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS part(number, nth) \
          JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = part.number ORDER BY part.nth), \
    k.confdeltype::text, k.confupdtype::text \
    FROM wanted AS w JOIN pg_constraint AS k ON k.conrelid = w.oid \
    WHERE k.contype IN ('p', 'u', 'c', 'f') ORDER BY w.nth, k.conname";

const INDEXES: &str = "SELECT w.nth, c.relname::text, m.amname::text, i.indisunique, i.indisvalid, \
    i.indpred IS NOT NULL, NOT i.indimmediate, coalesce(k.condeferred, false), \
    ARRAY(SELECT CASE WHEN i.indkey[part] > 0 THEN a.attname::text ELSE '' END \
          FROM generate_series(0, i.indnkeyatts - 1) AS part LEFT JOIN pg_attribute AS a \
          ON a.attrelid = i.indrelid AND a.attnum = i.indkey[part] ORDER BY part) \
    FROM wanted AS w JOIN pg_index AS i ON i.indrelid = w.oid \
    JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS m ON m.oid = c.relam \
    LEFT JOIN pg_constraint AS k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid \
    AND k.contype IN ('p', 'u', 'x') \
    ORDER BY w.nth, c.relname";

const POLICIES: &str = "SELECT w.nth, p.polname::text, CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' \
    WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END, NOT p.polpermissive, \
    ARRAY(SELECT CASE WHEN role = 0 THEN 'public' ELSE pg_get_userbyid(role)::text END FROM unnest(p.polroles) AS role), \
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) \
    FROM wanted AS w JOIN pg_policy AS p ON p.polrelid = w.oid ORDER BY w.nth, p.polname";

/// The types named in `$1`. `$2` looks where CREATE would put them; PostgreSQL's own are found before those.
const TYPES: &str = "SELECT given.nth::int - 1, t.oid::bigint, t.typtype::text, \
    CASE t.typtype WHEN 'c' THEN ARRAY(SELECT attname::text FROM pg_attribute \
        WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped ORDER BY attnum) \
    WHEN 'd' THEN ARRAY[format_type(t.typbasetype, NULL), \
        EXISTS (SELECT FROM pg_constraint WHERE contypid = t.oid AND contype = 'c')::text] \
    ELSE ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder) END \
    FROM unnest($1) WITH ORDINALITY AS given(name, nth) JOIN pg_type AS t \
    ON t.oid = CASE WHEN $2 \
        THEN coalesce(to_regtype('pg_catalog.' || given.name), \
                      to_regtype(quote_ident(current_schema()) || '.' || given.name)) \
        ELSE to_regtype(given.name) END \
    ORDER BY given.nth";

/// What is to be read.
pub(in crate::ddl) struct Question<'a> {
    /// Is run before the catalogs are read, in the same round trip.
    pub(in crate::ddl) first: Option<&'a str>,
    pub(in crate::ddl) search: SearchPath,
    pub(in crate::ddl) tables: &'a [&'static TableMeta],
    pub(in crate::ddl) types: &'a [&'static str],
    /// What is asked of each table besides whether it is there.
    pub(in crate::ddl) details: &'a [Detail],
}

/// What is asked of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ddl) enum Detail {
    Columns,
    Constraints,
    Indexes,
    Policies,
}

pub(in crate::ddl) async fn read(
    connection: &mut Connection,
    question: &Question<'_>,
) -> Result<Live, Error> {
    let Question { first, search, tables, types, details } = *question;
    let schemas = tables.iter().map(|table| table.schema.unwrap_or_default().to_owned()).collect();
    let names = tables.iter().map(|table| table.name.to_owned()).collect();
    let of_first = Parameter::new(search == SearchPath::First);
    let wanted = [list::<String>(schemas), list::<String>(names), of_first.clone()];
    let named = [list::<String>(types.iter().map(|name| (*name).to_owned()).collect()), of_first];
    let selects = details.iter().map(|detail| match detail {
        Detail::Columns => COLUMNS,
        Detail::Constraints => CONSTRAINTS,
        Detail::Indexes => INDEXES,
        Detail::Policies => POLICIES,
    });
    let texts: Vec<String> =
        [RELATIONS].into_iter().chain(selects).map(|select| format!("{WANTED} {select}")).collect();
    let request = |sql, parameters| Request::new(sql, parameters, Columns::Builtin);
    let mut requests: Vec<Request<'_>> = first.map(|sql| request(sql, &[])).into_iter().collect();
    if !types.is_empty() {
        requests.push(request(TYPES, &named));
    }
    requests.extend(texts.iter().map(|sql| request(sql, &wanted)));
    let answers = connection.pipeline_reads(&requests).await?;
    let mut answers = answers.iter().skip(usize::from(first.is_some()));
    let mut next = || {
        let missing = "the catalogs of the database gave fewer answers than were asked for";
        answers.next().ok_or_else(|| Error::decode(missing))
    };
    let types = match types {
        [] => Vec::new(),
        _ => rows(next()?, |cells| live_type(cells, types))?,
    };
    let mut live = Live { places: rows(next()?, place)?, types };
    for detail in details {
        let answer = next()?;
        match detail {
            Detail::Columns => attach(&mut live, answer, |relation| &mut relation.columns, column)?,
            Detail::Constraints => {
                attach(&mut live, answer, |relation| &mut relation.constraints, constraint)?;
            }
            Detail::Indexes => attach(&mut live, answer, |relation| &mut relation.indexes, index)?,
            Detail::Policies => attach(&mut live, answer, |relation| &mut relation.policies, policy)?,
        }
    }
    Ok(live)
}

fn rows<T>(answer: &Answer, read: impl Fn(&mut Cells<'_>) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    answer.rows.iter().map(|row| read(&mut Cells::new(row))).collect()
}

/// Gives each relation what is its own: the first cell says whose it is.
fn attach<T>(
    live: &mut Live,
    answer: &Answer,
    of: impl Fn(&mut Relation) -> &mut Vec<T>,
    read: impl Fn(&mut Cells<'_>) -> Result<T, Error>,
) -> Result<(), Error> {
    for row in &answer.rows {
        let mut cells = Cells::new(row);
        let nth = cells.read::<i32>()?;
        let place = usize::try_from(nth).ok().and_then(|nth| live.places.get_mut(nth));
        if let Some(relation) = place.and_then(|place| place.relation.as_mut()) {
            of(relation).push(read(&mut cells)?);
        }
    }
    Ok(())
}

fn place(cells: &mut Cells<'_>) -> Result<LivePlace, Error> {
    cells.skip(1);
    let schema = cells.read()?;
    let oid: Option<i64> = cells.read()?;
    let kind: Option<String> = cells.read()?;
    let kind = match kind.as_deref() {
        Some("v" | "m") => RelationKind::View,
        Some("f") => RelationKind::ForeignTable,
        _ => RelationKind::Table,
    };
    let row_security = match (cells.read()?, cells.read()?) {
        (Some(true), Some(true)) => RowSecurity::Forced,
        (Some(true), _) => RowSecurity::Enabled,
        _ => RowSecurity::Disabled,
    };
    let relation = oid.map(|oid| Relation {
        oid,
        kind,
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        row_security,
        policies: Vec::new(),
    });
    Ok(LivePlace { schema, relation })
}

fn column(cells: &mut Cells<'_>) -> Result<LiveColumn, Error> {
    Ok(LiveColumn {
        name: cells.read()?,
        declared: cells.read()?,
        type_oid: cells.read()?,
        base: (cells.read()?, cells.read()?),
        not_null: cells.read()?,
        identity: match cells.read::<String>()?.as_str() {
            "a" => Some(Generated::Always),
            "d" => Some(Generated::ByDefault),
            _ => None,
        },
        computed: cells.read()?,
        default: cells.read()?,
        serial: cells.read()?,
        domain_default: cells.read()?,
    })
}

fn constraint(cells: &mut Cells<'_>) -> Result<LiveConstraint, Error> {
    let name = cells.read()?;
    let letter: String = cells.read()?;
    let deferrable = deferrable(cells)?;
    let columns = cells.read()?;
    let kind = match letter.as_str() {
        "p" => ConstraintKind::PrimaryKey,
        "u" => ConstraintKind::Unique,
        "c" => ConstraintKind::Check,
        _ => ConstraintKind::ForeignKey {
            target: (cells.read()?, cells.read()?),
            columns: cells.read()?,
            on_delete: cells.read()?,
            on_update: cells.read()?,
        },
    };
    Ok(LiveConstraint { name, kind, columns, deferrable })
}

fn deferrable(cells: &mut Cells<'_>) -> Result<Deferrable, Error> {
    Ok(match (cells.read()?, cells.read()?) {
        (true, true) => Deferrable::InitiallyDeferred,
        (true, false) => Deferrable::InitiallyImmediate,
        (false, _) => Deferrable::No,
    })
}

fn index(cells: &mut Cells<'_>) -> Result<LiveIndex, Error> {
    Ok(LiveIndex {
        name: cells.read()?,
        method: cells.read()?,
        unique: cells.read()?,
        valid: cells.read()?,
        partial: cells.read()?,
        deferrable: deferrable(cells)?,
        parts: cells
            .read::<Vec<String>>()?
            .into_iter()
            .map(|name| Some(name).filter(|name| !name.is_empty()))
            .collect(),
    })
}

fn policy(cells: &mut Cells<'_>) -> Result<LivePolicy, Error> {
    Ok(LivePolicy {
        name: cells.read()?,
        command: cells.read()?,
        restrictive: cells.read()?,
        roles: cells.read()?,
        using: cells.read()?,
        check: cells.read()?,
    })
}

fn live_type(cells: &mut Cells<'_>, asked: &[&'static str]) -> Result<LiveType, Error> {
    let nth = cells.read::<i32>()?;
    let name = usize::try_from(nth).ok().and_then(|nth| asked.get(nth)).copied().unwrap_or_default();
    let oid = cells.read()?;
    let kind: String = cells.read()?;
    let parts: Vec<String> = cells.read()?;
    let kind = match kind.as_str() {
        "e" => LiveKind::Enum(parts),
        "c" => LiveKind::Composite(parts),
        "d" => {
            let mut parts = parts.into_iter();
            let base = parts.next().unwrap_or_default();
            LiveKind::Domain { base, checks: parts.next().as_deref() == Some("true") }
        }
        _ => LiveKind::Other,
    };
    Ok(LiveType { name, oid, kind })
}
