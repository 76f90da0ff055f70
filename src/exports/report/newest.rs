//! The rows that a pdf has room for.
//!
//! A pdf cannot be streamed: its pages and the tags of its cells are held until the last one is drawn, some 3 KiB of
//! memory for each record. And nobody turns the 1,500 pages of a ten-year log. So it lists the newest records, and
//! says how many it leaves out and where those are.

use super::document::{Block, Level, Listing, Role, Row, Rows, Table};
use crate::exports::words::words;

/// How much of a log a pdf lists, counted from the newest record back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The most records.
    pub records: usize,
    /// The most text of theirs, in bytes of UTF-8.
    pub text_bytes: usize,
}

impl Default for Room {
    /// 5,000 records, 150 to 300 pages, and 1 MiB of text, some 250.
    fn default() -> Self {
        Self { records: 5_000, text_bytes: 1024 * 1024 }
    }
}

/// The newest rows of a listing.
#[derive(Debug, Clone, Default)]
pub struct Newest {
    rows: Vec<Row>,
    text_bytes: usize,
    left_out: usize,
}

impl Newest {
    /// The newest rows, as many as there is room for.
    ///
    /// # Errors
    /// Those of `rows`.
    pub fn of<R: Rows>(rows: &mut R, room: Room) -> Result<Self, R::Error> {
        let mut newest = Self::default();
        rows.each(&mut |row| {
            newest.push(row, room);
            Ok(())
        })?;
        Ok(newest)
    }

    /// Rows come newest first: from the first one that does not fit, none does.
    fn push(&mut self, row: Row, room: Room) {
        self.text_bytes += row.cells.iter().map(String::len).sum::<usize>();
        if self.left_out > 0 || self.rows.len() >= room.records || self.text_bytes > room.text_bytes {
            self.left_out += 1;
        } else {
            self.rows.push(row);
        }
    }

    /// The listing with these rows.
    pub fn blocks(self, listing: &Listing) -> Vec<Block> {
        let (listed, left_out) = (self.rows.len(), self.left_out);
        let mut blocks = Vec::new();
        if left_out == 0 {
            blocks.push(Block::Heading(Level::Section, listing.heading.clone()));
        } else {
            let (words, all) = (words(listing.language), listed + left_out);
            let heading = words.say("log-newest", &[("listed", &listed), ("all", &all)]);
            blocks.push(Block::Heading(Level::Section, heading));
            let text = match self.rows.last().and_then(|row| row.cells.first()) {
                Some(oldest) => words.say("log-left-out", &[("oldest", oldest), ("number", &left_out)]),
                None => words.say("log-all-left-out", &[("number", &left_out)]),
            };
            blocks.push(Block::Paragraph(Role::Notice, text));
        }
        if listed == 0 {
            blocks.push(Block::Paragraph(Role::Body, listing.nothing.clone()));
        } else {
            let (summary, columns) = (listing.summary.clone(), listing.columns.clone());
            blocks.push(Block::Table(Table { summary, columns, rows: self.rows }));
        }
        blocks
    }
}
