//! Which statements this process sends to its databases.

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use std::{
    collections::BTreeSet,
    sync::{Mutex, Once},
};

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Recorder;

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            // Without what is bound: it is data, and never the same twice.
            let text = query.to_string();
            let text = text.split(" -- binds").next().unwrap_or_default();
            // SQLite's names stand between other marks than PostgreSQL's.
            let text = text.replace('`', "\"");
            SEEN.lock().unwrap().insert(text);
        }
    }
}

/// Notes the statements of every connection that is opened from here on.
pub(super) fn record() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_default_instrumentation(|| Some(Box::new(Recorder))).unwrap());
}

/// Each statement that was sent so far, once.
pub(crate) fn seen() -> BTreeSet<String> {
    SEEN.lock().unwrap().clone()
}

/// Whether the service has a table of this name: a statement also has words and names of its own after FROM.
pub(crate) fn is_table(name: &str) -> bool {
    include_str!("../../../src/db/schema.rs").contains(&format!("    {name} ("))
}
