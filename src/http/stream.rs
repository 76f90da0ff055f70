//! Answers that are too long to hold in memory, and bodies like that: both go by a file without a name.
//!
//! A long read writes its whole answer before the first byte is sent. So a client that reads slowly keeps no snapshot,
//! no connection to the database and nobody else's turn: only its file, which is gone when it goes. For the same
//! reason a long body is received whole before it is worked on.

use super::{Code, Problem};
use crate::{
    db::{Db, Pool},
    domain::AccountId,
};
use actix_web::{
    HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::header::{HeaderName, HeaderValue},
    web::{Bytes, Payload},
};
use futures_util::{StreamExt, stream};
use std::{
    collections::BTreeSet,
    io::{self, Read, Seek, Write},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tempfile::SpooledTempFile;
use tokio::time::timeout;

/// What of an answer or a body stays in memory: the rest goes to the disk. Most logs are smaller, and can be taken out
/// while the disk is full.
const IN_MEMORY: usize = 4 * 1024 * 1024;
/// The size of one chunk on its way to or from the disk.
const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes of a body that wait to be written together.
const WRITTEN_AT_ONCE: usize = 512 * 1024;
/// Tells nginx not to put a log, in clear, into files of its own.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// How long a client may take over what is streamed, an answer or a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamTimeouts {
    /// How long it may take or send nothing before it is given up.
    pub pause: Duration,
    /// How long all of it may take: a client that takes or sends a byte now and then is given up, too.
    pub whole: Duration,
}

impl StreamTimeouts {
    /// Half a minute for a dead spot of a phone's network; a quarter of an hour for the largest file over a slow one.
    pub const USUAL: Self = Self { pause: Duration::from_secs(30), whole: Duration::from_secs(15 * 60) };
}

/// What an account may do once at a time. Cheap to clone; all clones count together.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<BTreeSet<AccountId>>>);

/// An account's turn, until it is dropped.
pub struct Turn {
    turns: Turns,
    owner: AccountId,
}

impl Turns {
    /// The account's turn; `None` while it has one.
    pub fn begin(&self, owner: AccountId) -> Option<Turn> {
        let is_free = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(owner);
        is_free.then(|| Turn { turns: self.clone(), owner })
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.owner);
    }
}

/// How long answers and bodies are carried.
pub struct Transfers {
    pace: StreamTimeouts,
    /// Where their files are: beside the database, on the same encrypted disk.
    folder: PathBuf,
    exports: Turns,
}

impl Transfers {
    /// At this pace, with files in this folder.
    pub fn new(pace: StreamTimeouts, folder: PathBuf) -> Self {
        Self { pace, folder, exports: Turns::default() }
    }

    fn file(&self) -> SpooledTempFile {
        tempfile::spooled_tempfile_in(IN_MEMORY, &self.folder)
    }

    /// Answers what `write` writes. It is written whole before the answer begins: what fails is a problem as any other.
    ///
    /// # Errors
    /// What `write` returns; 503 while another such answer of the account is under way, 507 when the disk is full.
    pub async fn answer(
        &self,
        pool: &Pool,
        owner: AccountId,
        mut response: HttpResponseBuilder,
        write: impl FnOnce(&mut Db, &mut Writer) -> Result<(), Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let busy = || Problem::new(Code::Unavailable).detail("Another export of this account is running.");
        let turn = self.exports.begin(owner).ok_or_else(busy)?;
        let mut writer = Writer { file: self.file(), length: 0 };
        let (file, length) = pool
            .scan(owner, move |db| {
                write(db, &mut writer)?;
                writer.file.rewind().map_err(failed)?;
                Ok::<_, Problem>((writer.file, writer.length))
            })
            .await?;
        let sending = Sending { file, _turn: turn, deadline: Instant::now() + self.pace.whole };
        response.insert_header(UNBUFFERED);
        Ok(response.body(SizedStream::new(length, body(sending))))
    }

    /// Receives a body of at most `most` bytes, whole or as far as it comes.
    ///
    /// # Errors
    /// 507 when the disk is full.
    pub async fn receive(&self, mut body: Payload, most: u64) -> Result<Received, Problem> {
        let (mut file, mut waiting, mut left) = (self.file(), Vec::new(), most);
        let deadline = Instant::now() + self.pace.whole;
        let end = loop {
            let patience = self.pace.pause.min(deadline.saturating_duration_since(Instant::now()));
            let piece = match timeout(patience, body.next()).await {
                Ok(Some(Ok(piece))) => piece,
                Ok(None) => break None,
                Ok(Some(Err(_))) => break Some(io::ErrorKind::UnexpectedEof),
                Err(_) if Instant::now() >= deadline => break Some(io::ErrorKind::TimedOut),
                Err(_) => break Some(io::ErrorKind::UnexpectedEof),
            };
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            let Some(rest) = left.checked_sub(length) else {
                drain(body, deadline).await;
                break Some(io::ErrorKind::FileTooLarge);
            };
            left = rest;
            waiting.extend_from_slice(&piece);
            if waiting.len() >= WRITTEN_AT_ONCE {
                (file, waiting) = append(file, waiting).await?;
            }
        };
        let (mut file, _) = append(file, waiting).await?;
        file.rewind().map_err(failed)?;
        Ok(Received { file: io::BufReader::with_capacity(CHUNK_BYTES, file), end })
    }
}

/// Takes what is left of a body that is too large: a client that is still sending would not hear the answer.
async fn drain(mut body: Payload, deadline: Instant) {
    while let Ok(Some(Ok(_))) = timeout(deadline.saturating_duration_since(Instant::now()), body.next()).await
    {
    }
}

/// Writes on a thread that may wait for the disk.
async fn append(
    mut file: SpooledTempFile,
    mut bytes: Vec<u8>,
) -> Result<(SpooledTempFile, Vec<u8>), Problem> {
    let written = tokio::task::spawn_blocking(move || {
        file.write_all(&bytes).map_err(failed)?;
        bytes.clear();
        Ok((file, bytes))
    });
    written.await.unwrap_or_else(|_panic| Err(Problem::new(Code::Internal)))
}

/// Where a long read writes its answer.
pub struct Writer {
    file: SpooledTempFile,
    length: u64,
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.length = self.length.saturating_add(u64::try_from(written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A body that was received, for a reader that may wait. Where it did not come whole, its end is an error.
pub struct Received {
    file: io::BufReader<SpooledTempFile>,
    end: Option<io::ErrorKind>,
}

impl Read for Received {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match (self.file.read(buffer)?, self.end) {
            (0, Some(end)) if !buffer.is_empty() => Err(end.into()),
            (length, _) => Ok(length),
        }
    }
}

/// Why an answer or a body cannot be written to its file.
#[expect(clippy::needless_pass_by_value, reason = "the signature that `map_err` asks for")]
pub fn failed(error: io::Error) -> Problem {
    tracing::error!(kind = ?error.kind(), "a file of a transfer cannot be used");
    Problem::new(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Code::DiskFull,
        _ => Code::Unavailable,
    })
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
        Self(failed(error))
    }
}

impl From<Interrupted> for Problem {
    fn from(Interrupted(problem): Interrupted) -> Self {
        problem
    }
}

/// An answer on its way to its client.
struct Sending {
    file: SpooledTempFile,
    _turn: Turn,
    deadline: Instant,
}

/// The file as a body. It is asked for when the client takes it: who takes too long is cut off.
fn body(sending: Sending) -> impl stream::Stream<Item = Result<Bytes, Problem>> + 'static {
    stream::unfold(Some(sending), |state| async {
        let mut sending = state?;
        if Instant::now() >= sending.deadline {
            return Some((Err(Problem::new(Code::RequestTimeout)), None));
        }
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let length = sending.file.read(&mut chunk).map_err(failed)?;
            chunk.truncate(length);
            Ok((Bytes::from(chunk), sending))
        });
        match read.await.unwrap_or_else(|_panic| Err(Problem::new(Code::Internal))) {
            Ok((chunk, _)) if chunk.is_empty() => None,
            Ok((chunk, sending)) => Some((Ok(chunk), Some(sending))),
            Err(problem) => Some((Err(problem), None)),
        }
    })
}
