//! What the tests stand on: a server that starts in a moment, clients of every kind, and the document that
//! each answer is held to.

mod answer;
mod client;
mod clock;
pub(crate) mod database;
pub(crate) mod document;
pub(crate) mod generated;
pub(crate) mod journal;
pub(crate) mod log;
pub(crate) mod oauth;
mod server;
pub(crate) mod slow;
pub(crate) mod statements;

pub(crate) use answer::Answer;
pub(crate) use client::Client;
pub(crate) use server::TestServer;

/// Good enough for the service, and the same for everybody.
pub(crate) const PASSWORD: &str = "seven quiet herons at dusk";

/// An id that nobody has.
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Asks the same thing so often at once, and gives all answers.
pub(crate) fn race<T: Send>(times: usize, ask: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let ask = &ask;
        let racers: Vec<_> = (0..times).map(|number| scope.spawn(move || ask(number))).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    })
}
