//! From the wire to the journal: the body goes to a thread that reads it, and what that finds comes back to be
//! written. Both ways are bounded: a slow disk slows the client down.

use super::{
    ImportReport, MAX_FILE_BYTES, Turn,
    file::{self, Gone, Item, Whole},
    write,
};
use crate::{
    auth::Caller,
    exports::json::Form,
    http::{Code, Problem, stream::StreamTimeouts},
    journal::Journal,
};
use actix_web::web::{Bytes, Payload};
use futures_util::{StreamExt, future::join};
use std::{
    io::{self, Read},
    sync::Arc,
};
use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{Instant, timeout_at},
};

/// Objects that are written in one transaction: other writes wait for it.
const CHUNK: usize = 100;
/// Bytes of the file after which a transaction is not made larger: parsed, an object takes a multiple of them.
const CHUNK_BYTES: usize = 1024 * 1024;
/// Pieces of the body that wait to be read.
const PIECES: usize = 8;

/// A file on its way.
pub(super) struct Upload {
    pub(super) body: Payload,
    /// How long it may take.
    pub(super) pace: StreamTimeouts,
    /// Given back when the file is read.
    pub(super) turn: Turn,
}

/// Reads and writes a file. What was written is told, whether or not all of it could be read.
pub(super) async fn run(
    journal: &Journal,
    caller: Caller,
    form: Form,
    upload: Upload,
) -> (Result<Whole, Problem>, ImportReport) {
    let Upload { body, pace, turn } = upload;
    let (pieces, received) = mpsc::channel(PIECES);
    let (chunks, items) = mpsc::channel(1);
    let reading = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        read(Body { received, piece: Bytes::new() }, form, &chunks)
    });
    let ((), written) = join(pump(body, pace, pieces), store(journal, caller, items)).await;
    let read = reading.await.unwrap_or_else(|_panic| Err(Problem::new(Code::Internal)));
    match written {
        (Some(problem), report) => (Err(problem), report),
        (None, report) => (read, report),
    }
}

/// Hands the body on. Goes on to its end when nobody reads it any more: a client that is still sending would not
/// hear the answer.
async fn pump(mut body: Payload, pace: StreamTimeouts, pieces: Sender<io::Result<Bytes>>) {
    let mut left = MAX_FILE_BYTES;
    let deadline = Instant::now() + pace.whole;
    loop {
        let piece = match timeout_at(deadline.min(Instant::now() + pace.pause), body.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => return,
            Err(_) if Instant::now() >= deadline => {
                drop(pieces.send(Err(io::ErrorKind::TimedOut.into())).await);
                return;
            }
            Ok(Some(Err(_))) | Err(_) => {
                drop(pieces.send(Err(io::ErrorKind::UnexpectedEof.into())).await);
                return;
            }
        };
        let Some(rest) = u64::try_from(piece.len()).ok().and_then(|length| left.checked_sub(length)) else {
            drop(pieces.send(Err(io::ErrorKind::FileTooLarge.into())).await);
            return;
        };
        left = rest;
        drop(pieces.send(Ok(piece)).await);
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
        let begins = report.results.is_empty().then_some(caller);
        let chunk = Arc::new(chunk);
        match journal.write(move |db, writing| write::write(db, writing, &chunk, begins)).await {
            Ok(results) => report.add(results),
            Err(problem) => return (Some(problem), report),
        }
        if let Some(problem) = report.excess() {
            return (Some(problem), report);
        }
    }
    (None, report)
}

fn read(body: Body, form: Form, chunks: &Sender<Vec<Item>>) -> Result<Whole, Problem> {
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

/// The body, for a reader that may wait.
struct Body {
    received: Receiver<io::Result<Bytes>>,
    piece: Bytes,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.received.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let taken = self.piece.split_to(self.piece.len().min(buffer.len()));
        if let Some(place) = buffer.get_mut(..taken.len()) {
            place.copy_from_slice(&taken);
        }
        Ok(taken.len())
    }
}
