//! One table of a run's figures, for a person and as JSON: the same numbers twice.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Map, Value, json};

/// Rows of figures under heads.
///
/// Printed, it is aligned; as JSON it is `{"title": …, "rows": [{"name": …, KEY: …}], "notes": […]}`, in which a
/// cell without a figure is missing.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    columns: Vec<Column>,
    rows: Vec<(String, Vec<Cell>)>,
    notes: Vec<String>,
}

/// What a column is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// In JSON.
    pub(crate) key: &'static str,
    /// On the terminal; a `\n` breaks it.
    pub(crate) head: &'static str,
}

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// A number, shown with so many decimals.
    Number { value: f64, decimals: usize },
    /// Nothing was measured.
    Missing,
}

impl Cell {
    /// A number shown without decimals.
    pub(crate) fn whole(value: f64) -> Self {
        Self::Number { value, decimals: 0 }
    }
}

impl Table {
    /// A table with no rows yet. The first column is the rows' names, and needs no head.
    pub(crate) fn new(title: impl Into<String>, columns: &[Column]) -> Self {
        Self { title: title.into(), columns: columns.to_vec(), rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row: a cell for each column.
    pub(crate) fn row(&mut self, name: impl Into<String>, cells: Vec<Cell>) {
        self.rows.push((name.into(), cells));
    }

    /// Adds a line below the table.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Prints the table, and writes it to `json` as well if there is such a file.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub(crate) fn give_out(&self, json: Option<&Path>) -> io::Result<()> {
        println!("{self}");
        let Some(file) = json else { return Ok(()) };
        fs::write(file, format!("{:#}\n", self.json()))
            .map_err(|error| io::Error::other(format!("{}: {error}", file.display())))
    }

    fn json(&self) -> Value {
        let row = |(name, cells): &(String, Vec<Cell>)| {
            let mut row = Map::from_iter([("name".to_owned(), json!(name))]);
            let cells = self.columns.iter().zip(cells);
            row.extend(cells.filter_map(|(column, cell)| Some((column.key.to_owned(), cell.json()?))));
            Value::Object(row)
        };
        let rows: Vec<Value> = self.rows.iter().map(row).collect();
        json!({ "title": self.title, "rows": rows, "notes": self.notes })
    }
}

impl Cell {
    fn json(&self) -> Option<Value> {
        match self {
            Self::Number { value, .. } => Some(json!(value)),
            Self::Missing => None,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { value, decimals } => f.write_str(&grouped(*value, *decimals)),
            Self::Missing => f.write_str("–"),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads: Vec<Vec<&str>> = self.columns.iter().map(|column| column.head.lines().collect()).collect();
        let cells: Vec<Vec<String>> =
            self.rows.iter().map(|(_, row)| row.iter().map(Cell::to_string).collect()).collect();
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|at| {
                let head = heads[at].iter().map(|line| line.chars().count());
                let below = cells.iter().filter_map(|row| Some(row.get(at)?.chars().count()));
                head.chain(below).max().unwrap_or(0)
            })
            .collect();
        let names = self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);

        writeln!(f, "\n{}\n", self.title)?;
        for line in 0..heads.iter().map(Vec::len).max().unwrap_or(0) {
            let words = heads.iter().map(|head| head.get(line).copied().unwrap_or_default());
            write_line(f, names, "", &widths, words)?;
        }
        for ((name, _), row) in self.rows.iter().zip(&cells) {
            write_line(f, names, name, &widths, row.iter().map(String::as_str))?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n{note}"))
    }
}

fn write_line<'a>(
    f: &mut fmt::Formatter<'_>,
    names: usize,
    name: &str,
    widths: &[usize],
    words: impl Iterator<Item = &'a str>,
) -> fmt::Result {
    let mut line = format!("  {name:<names$}");
    for (word, width) in words.zip(widths) {
        line.push_str(&format!("  {word:>width$}"));
    }
    writeln!(f, "{}", line.trim_end())
}

/// `1234567.8` as `1,234,567.8`.
fn grouped(value: f64, decimals: usize) -> String {
    let plain = format!("{value:.decimals$}");
    let whole = plain.find('.').unwrap_or(plain.len());
    let mut grouped = String::new();
    for (at, c) in plain[..whole].char_indices() {
        if at > 0 && (whole - at).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(c);
    }
    grouped + &plain[whole..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns = [Column { key: "speed", head: "speed\nMB/s" }, Column { key: "held", head: "MB" }];
        let mut table = Table::new("Reading", &columns);
        table.row("postern", vec![Cell::whole(12_345.6), Cell::whole(7.0)]);
        table.row("x", vec![Cell::Number { value: 0.25, decimals: 1 }, Cell::Missing]);
        table.note("Medians.");
        table
    }

    #[test]
    fn columns_stand_below_each_other() {
        let lines =
            ["", "Reading", "", "            speed  MB", "             MB/s", "  postern  12,346   7"];
        let text = table().to_string();
        assert!(text.starts_with(&lines.join("\n")), "{text}");
        assert!(text.ends_with("  x           0.2   –\n\nMedians."), "{text}");
    }

    #[test]
    fn json_has_the_same_figures() {
        let expected = json!({
            "title": "Reading",
            "rows": [{ "name": "postern", "speed": 12_345.6, "held": 7.0 }, { "name": "x", "speed": 0.25 }],
            "notes": ["Medians."],
        });
        assert_eq!(table().json(), expected);
    }

    #[test]
    fn thousands() {
        let check = |value, expected: &str| assert_eq!(grouped(value, 0), expected);
        check(0.0, "0");
        check(999.0, "999");
        check(1_000.0, "1,000");
        check(-100.0, "-100");
        check(12_345_678.0, "12,345,678");
    }
}
