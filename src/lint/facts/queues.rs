//! Which Redis is a queue and which a cache: by the URLs in the environment of the services.

use super::super::known::{Known, Place, Word};
use super::super::units::{seconds, show_seconds};
use super::Stack;
use super::host_of;

const QUEUE: &[&str] =
    &["CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER", "RQ_REDIS_URL", "DRAMATIQ_BROKER_URL"];
const CACHE: &[&str] = &["CACHE_URL", "REDIS_CACHE_URL", "CACHE_REDIS_URL", "DJANGO_CACHE_URL"];
const ANY: &[&str] = &["REDIS_URL"];
const VISIBILITY: &[&str] = &["CELERY_VISIBILITY_TIMEOUT", "BROKER_VISIBILITY_TIMEOUT", "VISIBILITY_TIMEOUT"];
const OPTIONS: &[&str] = &["CELERY_BROKER_TRANSPORT_OPTIONS", "BROKER_TRANSPORT_OPTIONS"];

/// Notes at each Redis who uses it for what.
pub(super) fn assign(stack: &mut Stack) {
    let Stack { services, caches, apps, .. } = stack;
    for service in services.iter() {
        let queue = service.variable(QUEUE);
        let cache = service.variable(CACHE);
        // One URL for everything is the queue of a task worker that names no other, and a cache everywhere else.
        let any = service.variable(ANY);
        let worker = apps.iter().any(|app| {
            app.tasks.is_some() && services.get(app.service).is_some_and(|it| it.name == service.name)
        });
        let (queue, cache) = match (queue, cache, any) {
            (None, cache, Some(any)) if worker => (Some(any), cache),
            (queue, None, Some(any)) => (queue, Some(any)),
            (queue, cache, _) => (queue, cache),
        };
        for (use_of, is_queue) in [(queue, true), (cache, false)] {
            let Some((name, word)) = use_of else { continue };
            let (Some(host), Some(place)) = (host_of(&word.value), word.place()) else { continue };
            let found = caches.iter_mut().find(|it| {
                it.service.and_then(|index| services.get(index)).is_some_and(|it| it.name == host)
            });
            let Some(found) = found else { continue };
            let entry: (String, Place) = (format!("{}: {name}", service.name), place.clone());
            let uses = if is_queue { &mut found.queues } else { &mut found.caches };
            uses.push(entry);
        }
    }
    let visibility = services
        .iter()
        .filter_map(|service| {
            let plain = service.variable(VISIBILITY).and_then(|(_, word)| word.read(|text| seconds(text)));
            plain.or_else(|| in_options(service.variable(OPTIONS)?.1))
        })
        // Applications that share a queue go by the shortest.
        .min_by(|one, other| one.value.total_cmp(&other.value));
    if let Some(visibility) = visibility {
        for cache in caches.iter_mut() {
            cache.visibility = visibility.clone();
        }
    }
}

/// The visibility timeout in transport options that are written as JSON.
fn in_options(word: &Word) -> Option<Known<f64>> {
    let options: serde_json::Value = serde_json::from_str(&word.value).ok()?;
    let value = options.get("visibility_timeout")?.as_f64()?;
    Some(Known { value, text: show_seconds(value), from: word.from.clone() })
}
