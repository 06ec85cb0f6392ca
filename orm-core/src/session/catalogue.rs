//! Asks the catalogue of the database what a statement on a table can reach: once for each engine and table.

use std::sync::Arc;

use super::Session;
use crate::engine::{Answer, Columns, Events, LiveAction, LiveKey, LiveTable, Reach, Request};
use crate::error::Error;
use crate::row::Cells;
use crate::schema::TableMeta;
use crate::types::Parameter;

/// The table `$1`, and all that actions of foreign keys can reach from it.
const REACH: &str = "WITH RECURSIVE reach(oid) AS (SELECT to_regclass($1)::oid UNION SELECT k.conrelid FROM reach \
    JOIN pg_catalog.pg_constraint AS k ON k.confrelid = reach.oid \
    WHERE k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd')))";

// With Citus, tables like others are spread over several servers, which take fewer forms of statements.
const TABLES: &str = "SELECT c.oid::bigint, n.nspname::text, c.relname::text, pg_table_is_visible(c.oid), \
    c.relkind = 'r' AND NOT (c.relhassubclass OR c.relispartition OR c.relhasrules OR c.relrowsecurity) \
    AND has_table_privilege(c.oid, 'SELECT') \
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus'), \
    t.events & 4 <> 0, t.events & 16 <> 0, t.events & 8 <> 0, t.triggers \
    FROM reach JOIN pg_catalog.pg_class AS c ON c.oid = reach.oid \
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
    CROSS JOIN LATERAL (SELECT count(*) AS triggers, \
        coalesce(bit_or(tgtype) FILTER (WHERE NOT tgisinternal), 0::smallint)::int AS events \
        FROM pg_catalog.pg_trigger WHERE tgrelid = c.oid) AS t \
    ORDER BY c.oid <> to_regclass($1)::oid";

// A recursive UNION over places of rows needs PostgreSQL 14.
const KEYS: &str = "SELECT k.conrelid::bigint, \
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS part(number, nth) \
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = part.number ORDER BY part.nth), \
    k.confrelid::bigint, \
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS part(number, nth) \
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = part.number ORDER BY part.nth), \
    CASE WHEN to_jsonb(k)->>'confdelsetcols' IS NULL THEN k.confdeltype ELSE 'n' END::text, k.confupdtype::text, \
    EXISTS (SELECT FROM pg_catalog.pg_attribute AS a \
            WHERE a.attrelid = k.confrelid AND a.attnum = ANY(k.confkey) AND a.attgenerated <> ''), \
    current_setting('server_version_num')::int >= 140000 \
    AND NOT EXISTS (SELECT FROM unnest(k.conkey, k.confkey) AS pair(own, target) \
                    JOIN pg_catalog.pg_attribute AS o ON o.attrelid = k.conrelid AND o.attnum = pair.own \
                    JOIN pg_catalog.pg_attribute AS t ON t.attrelid = k.confrelid AND t.attnum = pair.target \
                    WHERE o.attcollation <> t.attcollation) \
    FROM reach JOIN pg_catalog.pg_constraint AS k ON k.confrelid = reach.oid \
    WHERE k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd')) \
    ORDER BY k.oid";

impl Session {
    /// What a statement on a table can reach; asked for in a round trip of its own where the engine does not know yet.
    pub(super) async fn reach(&mut self, table: &'static TableMeta) -> Result<Arc<Reach>, Error> {
        let address = std::ptr::from_ref(table).addr();
        if let Some(reach) = self.engine.catalogue().reach(address) {
            return Ok(reach);
        }
        let name = [Parameter::new(table.path())];
        let texts = [TABLES, KEYS].map(|select| format!("{REACH} {select}"));
        let requests = texts.each_ref().map(|sql| Request::new(sql, &name, Columns::Builtin));
        let answers = self.connect().await?.pipeline(&requests).await?;
        let reach = Arc::new(decode(&answers)?);
        // Of what is not there nothing is known.
        if !reach.tables.is_empty() {
            self.engine.catalogue().learn(address, Arc::clone(&reach));
        }
        Ok(reach)
    }
}

fn decode(answers: &[Answer]) -> Result<Reach, Error> {
    let rows = |nth: usize| answers.get(nth).into_iter().flat_map(|answer| &answer.rows).map(Cells::new);
    let mut triggers = 0;
    let mut tables = Vec::new();
    for mut cells in rows(0) {
        tables.push(LiveTable {
            oid: cells.read()?,
            schema: cells.read()?,
            name: cells.read()?,
            is_visible: cells.read()?,
            is_plain: cells.read()?,
            triggers: Events { insert: cells.read()?, update: cells.read()?, delete: cells.read()? },
        });
        triggers += cells.read::<i64>()?;
    }
    // Tables come by their numbers; one that was made between both answers has no place.
    let place = |oid: i64| tables.iter().position(|table| table.oid == oid).unwrap_or(usize::MAX);
    let keys = rows(1).map(|mut cells| {
        Ok(LiveKey {
            table: place(cells.read()?),
            columns: cells.read()?,
            target: place(cells.read()?),
            target_columns: cells.read()?,
            on_delete: LiveAction::of(&cells.read::<String>()?),
            on_update: LiveAction::of(&cells.read::<String>()?),
            target_is_computed: cells.read()?,
            is_comparable: cells.read()?,
        })
    });
    let keys = keys.collect::<Result<Vec<_>, Error>>()?;
    if keys.iter().any(|key| key.table.max(key.target) == usize::MAX) {
        tables.clear();
    }
    Ok(Reach { tables, keys, triggers })
}
