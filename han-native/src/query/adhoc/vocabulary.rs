//! What a statement may use: functions of SQLite that read nothing besides their arguments and change nothing, and ours.

/// The functions, sorted. What is not listed is refused: a later SQLite, or a feature of it, may add some that do more. `unhex`
/// and `json_patch` are not: for long arguments they take hours, in which nothing ends them.
#[rustfmt::skip]
const FUNCTIONS: &[&str] = &[
    "->", "->>", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "avg", "ceil", "ceiling", "char",
    "coalesce", "concat", "concat_ws", "cos", "cosh", "count", "cume_dist", "current_date", "current_time",
    "current_timestamp", "date", "day_cost", "datetime", "degrees", "dense_rank", "exp", "first_value", "floor", "format", "glob",
    "group_concat", "hex", "if", "ifnull", "iif", "instr", "iso_time", "json", "json_array", "json_array_insert",
    "json_array_length", "json_error_position", "json_extract", "json_group_array", "json_group_object", "json_insert",
    "json_object", "json_pretty", "json_quote", "json_remove", "json_replace", "json_set", "json_type",
    "json_valid", "jsonb", "jsonb_array", "jsonb_array_insert", "jsonb_extract", "jsonb_group_array",
    "jsonb_group_object", "jsonb_insert", "jsonb_object", "jsonb_remove", "jsonb_replace", "jsonb_set",
    "julianday", "lag", "last_value", "lead", "length", "like", "likelihood", "likely", "ln", "log", "log10", "log2",
    "lower", "ltrim", "max", "median", "message_id", "message_raw", "message_row", "message_text", "min", "mod",
    "nth_value", "ntile", "nullif", "octet_length", "percent_rank", "percentile", "percentile_cont", "percentile_disc",
    "pi", "pow", "power", "printf", "quote", "radians", "random", "randomblob", "rank", "rate_name", "replace", "round",
    "row_number", "rtrim", "session_cost", "sign", "sin", "sinh", "soundex", "sqlite_version", "sqrt", "strftime", "string_agg",
    "substr", "substring", "subtype", "sum", "tan", "tanh", "time", "timediff", "tool_input", "tool_output", "total",
    "trim", "trunc", "typeof", "unicode", "unistr", "unistr_quote", "unixepoch", "unlikely", "upper", "usage_cost",
    "uuid_key", "uuid_text", "zeroblob",
];

/// Whether a statement may call this function.
pub(super) fn is_function_allowed(name: &str) -> bool {
    FUNCTIONS.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a statement may read this table. The parts of the search indexes are of use to SQLite only, and some modules of it
/// show the database file itself.
pub(super) fn is_table_allowed(name: &str, is_of_database: impl FnOnce(&str) -> bool) -> bool {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "json_each" | "json_tree" | "sqlite_schema" | "sqlite_master" | "sqlite_temp_schema" | "sqlite_temp_master" => {
            true
        }
        _ => !["messages_fts", "message_vectors_"].iter().any(|index| name.starts_with(index)) && is_of_database(&name),
    }
}
