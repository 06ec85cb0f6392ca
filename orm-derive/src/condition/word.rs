//! Words of SQL expressions, by what can follow them.

/// Words that name no column unless they stand in quotes.
const RESERVED: &str = "all analyse analyze and any array as asc asymmetric authorization binary both case cast check \
    collate collation column concurrently constraint create cross current_catalog current_date \
    current_role current_schema current_time current_timestamp current_user default deferrable desc \
    distinct do else end except false fetch for foreign freeze from full grant group having ilike in \
    initially inner intersect into is isnull join lateral leading left like limit localtime \
    localtimestamp natural not notnull null offset on only or order outer overlaps placing primary \
    references returning right select session_user similar some symmetric system_user table tablesample \
    then to trailing true union unique user using variadic verbose when where window with";

/// Words between two operands that can be names elsewhere.
const BETWEEN_OPERANDS: &str = "at between escape format operator passing value";

/// Reserved words that are operands, or end one.
const OPERANDS: &str = "current_catalog current_date current_role current_schema current_time current_timestamp current_user \
    end false localtime localtimestamp null session_user system_user true user";

/// Words behind which an operand stands.
const BEFORE_OPERANDS: &str = "all and any asymmetric between both case default else escape for from ilike in leading like or \
    overlaps passing placing similar some symmetric then to trailing when";

/// What stands behind a word, where that does not depend on what stands before it.
pub(super) fn wants_operand(word: &str) -> Option<bool> {
    match word {
        // `timestamp with time zone '..'`, `at time zone zone`
        "zone" | "value" => Some(true),
        // A type or a name.
        "as" | "collate" | "is" | "on" => Some(false),
        _ if has(OPERANDS, word) => Some(false),
        _ if has(BEFORE_OPERANDS, word) => Some(true),
        _ => None,
    }
}

pub(super) fn is_reserved(word: &str) -> bool {
    has(RESERVED, word)
}

/// Whether a word can stand behind a column.
pub(super) fn follows_operand(word: &str) -> bool {
    word != "with" && (is_reserved(word) || has(BETWEEN_OPERANDS, word))
}

fn has(words: &str, word: &str) -> bool {
    words.split(' ').any(|other| other == word)
}
