//! The schedule as a calendar (RFC 5545): one short event for each alarm, with a reminder.

use crate::rules::Alarm;
use chrono::TimeDelta;
use icalendar::{Calendar, Class, Component, EventLike, Property, Trigger};
use jiff::Timestamp;

/// How often a calendar is asked to look again. Most look far less often: a log that matters is in an app.
const REFRESH: &str = "PT15M";

/// The calendar with these alarms, as of `now`.
pub(super) fn write(alarms: &[Alarm], now: Timestamp) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//spasmlog//schedule//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .append_property(("X-WR-CALNAME", "spasmlog"))
        .append_property(("X-PUBLISHED-TTL", REFRESH))
        .append_property(
            Property::new("REFRESH-INTERVAL", REFRESH).add_parameter("VALUE", "DURATION").done(),
        );
    for alarm in alarms {
        calendar.push(event(alarm, now));
    }
    calendar.to_string()
}

/// The same alarm has the same UID whenever it is written, so that a calendar moves it and does not double it.
fn event(alarm: &Alarm, now: Timestamp) -> icalendar::Event {
    let uid = format!("{}@spasmlog", alarm.id);
    let mut reminder = icalendar::Alarm::display(alarm.title, Trigger::after_start(TimeDelta::zero()));
    // Left alone, each would get a random id and the time of the system.
    reminder.uid(&format!("reminder-{uid}")).add_property("DTSTAMP", utc(now));
    let mut event = icalendar::Event::new();
    event
        .uid(&uid)
        .add_property("DTSTAMP", utc(now))
        .add_property("DTSTART", utc(alarm.at.instant()))
        .add_property("DURATION", "PT5M")
        // Nobody is busy because the ice comes off.
        .add_property("TRANSP", "TRANSPARENT")
        .class(Class::Private)
        .summary(alarm.title)
        .description(&alarm.body)
        .alarm(reminder);
    event
}

/// A moment as calendars write it, in UTC.
fn utc(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}
