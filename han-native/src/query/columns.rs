//! Statements whose columns are read by name, at no cost: the position of each is counted where it is selected.

/// Declares a statement and a module with the position of each of its columns.
macro_rules! select {
    (
        $(#[$docs:meta])*
        $visibility:vis const $statement:ident;
        mod $module:ident {
            $first:ident: $first_sql:literal,
            $($column:ident: $sql:literal,)*
        }
        $from:literal
    ) => {
        $(#[$docs])*
        $visibility const $statement: &str = concat!("SELECT ", $first_sql, $(", ", $sql,)* " ", $from);

        mod $module {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Position { $first, $($column,)* }
            pub(super) const $first: usize = Position::$first as usize;
            $(pub(super) const $column: usize = Position::$column as usize;)*
        }
    };
}
pub(super) use select;

/// Fails to compile where columns that are read together do not follow each other in this order.
pub(super) const fn assert_run(columns: &[usize]) {
    let mut index = 1;
    while index < columns.len() {
        assert!(columns[index] == columns[0] + index, "columns that are read together follow each other");
        index += 1;
    }
}
