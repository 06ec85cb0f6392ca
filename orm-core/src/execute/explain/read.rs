//! EXPLAIN's JSON into a plan.

use std::time::Duration;

use serde_json::Value;

use super::{ExplainPlan, PlanBuffers, PlanNode};

/// The plan of a document of `FORMAT JSON`.
pub(super) fn plan(document: &Value) -> Option<ExplainPlan> {
    let whole = document.get(0)?;
    Some(ExplainPlan {
        root: node(whole.get("Plan")?)?,
        planning_time: time(whole, "Planning Time"),
        execution_time: time(whole, "Execution Time"),
    })
}

fn node(value: &Value) -> Option<PlanNode> {
    let children = value.get("Plans").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let relation = text(value, "Relation Name").or_else(|| text(value, "CTE Name"));
    let relation = relation.or_else(|| text(value, "Function Name"));
    Some(PlanNode {
        name: name(value)?,
        alias: text(value, "Alias").filter(|alias| Some(alias) != relation.as_ref()),
        relation,
        index: text(value, "Index Name"),
        condition: CONDITIONS.iter().find_map(|key| text(value, key)).or_else(|| keys(value)),
        filter: text(value, "Filter").or_else(|| text(value, "Join Filter")),
        subplan: text(value, "Subplan Name"),
        cost: number(value, "Total Cost")?,
        estimated_rows: number(value, "Plan Rows")?,
        actual_rows: number(value, "Actual Rows"),
        removed_rows: removed(value),
        loops: number(value, "Actual Loops").and_then(whole),
        time: time(value, "Actual Total Time"),
        buffers: buffers(value),
        disk_bytes: disk(value),
        hash_batches: count(value, "Hash Batches").or_else(|| count(value, "HashAgg Batches")),
        children: children.iter().filter_map(node).collect(),
    })
}

const CONDITIONS: [&str; 5] = ["Index Cond", "Hash Cond", "Merge Cond", "TID Cond", "Recheck Cond"];

/// The name of a node as the text form gives it.
fn name(value: &Value) -> Option<String> {
    let kind = text(value, "Node Type")?;
    let strategy = text(value, "Strategy").unwrap_or_default();
    let join = text(value, "Join Type").filter(|join| join != "Inner");
    let kind = match (&*kind, &*strategy, join) {
        ("ModifyTable", ..) => text(value, "Operation").unwrap_or(kind),
        ("Aggregate", "Hashed", _) => "HashAggregate".to_owned(),
        ("Aggregate", "Sorted", _) => "GroupAggregate".to_owned(),
        ("Aggregate", "Mixed", _) => "MixedAggregate".to_owned(),
        ("SetOp", "Hashed", _) => "HashSetOp".to_owned(),
        ("Nested Loop", _, Some(join)) => format!("Nested Loop {join} Join"),
        (_, _, Some(join)) => kind.replace(" Join", &format!(" {join} Join")),
        _ => kind,
    };
    let backward = text(value, "Scan Direction").is_some_and(|direction| direction == "Backward");
    let partial = text(value, "Partial Mode").filter(|mode| mode != "Simple");
    let parallel = value.get("Parallel Aware").and_then(Value::as_bool) == Some(true);
    let words =
        [partial.as_deref(), parallel.then_some("Parallel"), Some(&*kind), backward.then_some("Backward")];
    Some(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// What rows are sorted or grouped by.
fn keys(value: &Value) -> Option<String> {
    let keys = value.get("Sort Key").or_else(|| value.get("Group Key"))?.as_array()?;
    Some(keys.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "))
}

fn removed(value: &Value) -> Option<f64> {
    let by = ["Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck"];
    let counts: Vec<f64> = by.iter().filter_map(|key| number(value, key)).collect();
    (!counts.is_empty()).then(|| counts.iter().sum())
}

fn buffers(value: &Value) -> Option<PlanBuffers> {
    let pages = |key| count(value, key).unwrap_or_default();
    value.get("Shared Hit Blocks")?;
    Some(PlanBuffers {
        hit: pages("Shared Hit Blocks") + pages("Local Hit Blocks"),
        read: pages("Shared Read Blocks") + pages("Local Read Blocks"),
        written: pages("Shared Written Blocks") + pages("Local Written Blocks"),
        temporary_read: pages("Temp Read Blocks"),
        temporary_written: pages("Temp Written Blocks"),
    })
}

/// Kilobytes on disk, as bytes.
fn disk(value: &Value) -> Option<u64> {
    let on_disk = |kind: &str| text(value, kind).is_some_and(|kind| kind == "Disk");
    let sort = count(value, "Sort Space Used").filter(|_| on_disk("Sort Space Type"));
    let kept = count(value, "Maximum Storage").filter(|_| on_disk("Storage"));
    let used = sort.or(kept).or_else(|| count(value, "Disk Usage"));
    used.filter(|kilobytes| *kilobytes > 0).map(|kilobytes| kilobytes * 1024)
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn number(value: &Value, key: &str) -> Option<f64> {
    value.get(key)?.as_f64()
}

fn count(value: &Value, key: &str) -> Option<u64> {
    value.get(key)?.as_u64()
}

/// PostgreSQL 18 gives all of these with a fraction.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, cut to what fits")]
fn whole(number: f64) -> Option<u64> {
    (number >= 0.0).then_some(number as u64)
}

/// Milliseconds with a fraction.
fn time(value: &Value, key: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(number(value, key)? / 1000.0).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{name, plan};

    #[test]
    fn nodes_have_the_names_of_the_text_form() {
        let named = |value| name(&value).expect("it has a type");
        assert_eq!(named(json!({"Node Type": "Hash Join", "Join Type": "Left"})), "Hash Left Join");
        assert_eq!(named(json!({"Node Type": "Nested Loop", "Join Type": "Anti"})), "Nested Loop Anti Join");
        assert_eq!(named(json!({"Node Type": "Nested Loop", "Join Type": "Inner"})), "Nested Loop");
        assert_eq!(named(json!({"Node Type": "ModifyTable", "Operation": "Update"})), "Update");
        let scan = json!({"Node Type": "Index Scan", "Scan Direction": "Backward", "Parallel Aware": false});
        assert_eq!(named(scan), "Index Scan Backward");
        let aggregate = json!({"Node Type": "Aggregate", "Strategy": "Hashed", "Partial Mode": "Partial"});
        assert_eq!(named(aggregate), "Partial HashAggregate");
    }

    #[test]
    fn counts_with_a_fraction_are_read() {
        let node = json!({"Node Type": "Result", "Total Cost": 0.01, "Plan Rows": 1, "Actual Rows": 0.25, "Actual Loops": 4});
        let plan = plan(&json!([{"Plan": node, "Planning Time": 0.5}])).expect("it is one");
        assert_eq!((plan.root.total_rows(), plan.root.loops), (Some(1.0), Some(4)));
        assert_eq!(plan.planning_time, Some(std::time::Duration::from_micros(500)));
    }
}
