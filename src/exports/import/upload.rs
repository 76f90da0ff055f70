//! From a received file to the journal: a thread reads it, and what that finds is written. Between the two little
//! waits: a slow disk slows the reading down.

use super::{
    ImportReport,
    file::{self, Gone, Item, Whole},
    write,
};
use crate::{
    auth::Caller,
    exports::json::Form,
    fair::Place,
    http::{Code, Problem, stream::Received},
    journal::Journal,
};
use std::sync::Arc;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Objects that are written in one transaction: other writes wait for it.
const CHUNK: usize = 100;
/// Bytes of the file after which a transaction is not made larger: parsed, an object takes a multiple of them.
const CHUNK_BYTES: usize = 1024 * 1024;

/// Reads and writes a file. What was written is told, whether or not all of it could be read.
pub(super) async fn run(
    journal: &Journal,
    caller: Caller,
    form: Form,
    body: Received,
    place: Place,
) -> (Result<Whole, Problem>, ImportReport) {
    let (chunks, items) = mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || {
        let _place = place;
        read(body, form, &chunks)
    });
    let written = store(journal, caller, items).await;
    let read = reading.await.unwrap_or_else(|_panic| Err(Problem::new(Code::Internal)));
    match written {
        (Some(problem), report) => (Err(problem), report),
        (None, report) => (read, report),
    }
}

/// Writes what was found, until there is no more, it is too much, or the storage fails.
async fn store(
    journal: &Journal,
    caller: Caller,
    mut items: Receiver<Vec<Item>>,
) -> (Option<Problem>, ImportReport) {
    let mut report = ImportReport::default();
    while let Some(chunk) = items.recv().await {
        let (chunk, mut done) = (Arc::new(chunk), 0);
        // Told of once, and before anything that it may take several transactions to write.
        let mut begins = report.results.is_empty();
        while done < chunk.len() {
            let (chunk, first) = (Arc::clone(&chunk), begins);
            let written = journal.write(move |db, context| {
                let rest = chunk.get(done..).unwrap_or_default();
                write::write(db, context, rest, caller, first)
            });
            match written.await {
                Ok(results) => {
                    done += results.len();
                    report.add(results);
                }
                Err(problem) => return (Some(problem), report),
            }
            begins = false;
        }
        if let Some(problem) = report.excess() {
            return (Some(problem), report);
        }
    }
    (None, report)
}

fn read(body: Received, form: Form, chunks: &Sender<Vec<Item>>) -> Result<Whole, Problem> {
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut chunk_bytes = 0;
    let whole = file::read(body, form, |item, bytes| {
        chunk.push(item);
        chunk_bytes += bytes;
        if chunk.len() == CHUNK || chunk_bytes >= CHUNK_BYTES {
            chunk_bytes = 0;
            let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
            chunks.blocking_send(full).map_err(|_closed| Gone)?;
        }
        Ok(())
    });
    // What was read counts, also where the rest cannot be read.
    if !chunk.is_empty() {
        drop(chunks.blocking_send(chunk));
    }
    whole
}
