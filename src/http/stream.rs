//! Answers that are too long to hold in memory: written by a long read on a thread that may block, and sent as
//! they come.
//!
//! Invariant: an answer is whole or its connection breaks. The body ends well only when the writer said that it
//! was done; whatever else ends it is an error, upon which the connection is cut before the last chunk.

use super::{Code, Problem};
use crate::db::{Db, Pool};
use actix_web::{HttpResponse, HttpResponseBuilder, rt, web::Bytes};
use futures_util::stream;
use std::{
    io, mem,
    time::{Duration, Instant},
};
use tokio::{
    runtime::Handle,
    sync::mpsc::{self, Receiver, Sender},
};

/// The size of one chunk.
const CHUNK_BYTES: usize = 32 * 1024;
/// Chunks that wait for the client: what an answer takes of memory.
const CHUNKS: usize = 4;

/// How long a client may take over what is streamed, an answer or a body. Meanwhile a long read keeps its snapshot,
/// and on SQLite the write-ahead log; a long body keeps others from their turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamTimeouts {
    /// How long it may take or send nothing before it is given up.
    pub pause: Duration,
    /// How long all of it may take: who takes or sends a byte now and then is given up, too.
    pub whole: Duration,
}

impl StreamTimeouts {
    /// Half a minute for a dead spot of a phone's network; a quarter of an hour for the largest file over a slow one.
    pub const USUAL: Self = Self { pause: Duration::from_secs(30), whole: Duration::from_secs(15 * 60) };
}

/// A part of an answer.
enum Part {
    Chunk(Bytes),
    Failed(Problem),
    /// Everything is written.
    End,
}

/// Where a long read writes its answer.
pub struct Writer {
    buffer: Vec<u8>,
    parts: Sender<Part>,
    runtime: Handle,
    pause: Duration,
    deadline: Instant,
}

impl Writer {
    fn send(&mut self, part: Part) -> io::Result<()> {
        let patience = self.pause.min(self.deadline.saturating_duration_since(Instant::now()));
        let parts = &self.parts;
        let sent = self.runtime.block_on(async { tokio::time::timeout(patience, parts.send(part)).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_closed)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_elapsed) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    fn finish(mut self) -> io::Result<()> {
        io::Write::flush(&mut self)?;
        self.send(Part::End)
    }
}

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK_BYTES));
        self.send(Part::Chunk(chunk.into()))
    }
}

/// Writing an answer fails only when its client has gone: nobody is left to be told.
#[expect(clippy::needless_pass_by_value, reason = "the signature that `map_err` asks for")]
pub fn gone(error: io::Error) -> Problem {
    tracing::debug!(kind = ?error.kind(), "a client went away");
    Problem::new(Code::Unavailable)
}

/// Why a walk that writes as it goes ended before its end.
#[derive(Debug)]
pub struct Interrupted(Problem);

impl From<Problem> for Interrupted {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<io::Error> for Interrupted {
    fn from(error: io::Error) -> Self {
        Self(gone(error))
    }
}

impl From<Interrupted> for Problem {
    fn from(Interrupted(problem): Interrupted) -> Self {
        problem
    }
}

/// Answers what `write` writes. What fails before the first chunk is a problem as any other.
///
/// # Errors
/// What `write` returns before its first chunk; 503 while too many such answers are under way.
pub async fn answer(
    pool: &Pool,
    pace: StreamTimeouts,
    mut response: HttpResponseBuilder,
    write: impl FnOnce(&mut Db, &mut Writer) -> Result<(), Problem> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let (parts, mut received) = mpsc::channel(CHUNKS);
    let mut writer = Writer {
        buffer: Vec::with_capacity(CHUNK_BYTES),
        parts: parts.clone(),
        runtime: Handle::current(),
        pause: pace.pause,
        deadline: Instant::now() + pace.whole,
    };
    let pool = pool.clone();
    rt::spawn(async move {
        let written = pool
            .scan(move |db| {
                write(db, &mut writer)?;
                writer.finish().map_err(gone)
            })
            .await;
        if let Err(problem) = written {
            // Where nobody takes it, the channel closes without an end, which is as clear.
            drop(parts.try_send(Part::Failed(problem)));
        }
    });
    match received.recv().await {
        Some(Part::Failed(problem)) => Err(problem),
        None => Err(Problem::new(Code::Internal)),
        first => Ok(response.streaming(body(first, received))),
    }
}

/// The parts as a body: an error unless it came to its end.
fn body(
    first: Option<Part>,
    received: Receiver<Part>,
) -> impl stream::Stream<Item = Result<Bytes, Problem>> + 'static {
    stream::unfold(Some((first, received)), |state| async {
        let (first, mut received) = state?;
        let part = match first {
            Some(part) => Some(part),
            None => received.recv().await,
        };
        match part {
            Some(Part::Chunk(chunk)) => Some((Ok(chunk), Some((None, received)))),
            Some(Part::End) => None,
            Some(Part::Failed(problem)) => {
                let cause = problem.cause().map(ToString::to_string);
                tracing::error!(code = problem.code().as_str(), cause, "an answer was cut off");
                Some((Err(problem), None))
            }
            None => Some((Err(Problem::new(Code::Internal)), None)),
        }
    })
}
