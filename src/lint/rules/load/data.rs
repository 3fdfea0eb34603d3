//! Pools, the database, the cache and task slots against the load.

use super::super::super::facts::Stack;
use super::super::super::units::{show_bytes, show_count};
use super::super::{Hit, hit, opened};
use super::predicted;

pub(super) fn pools(stack: &Stack) -> Vec<Hit> {
    let Some((load, used)) = stack.load.as_ref().and_then(|load| Some((load, load.connections_used?))) else {
        return Vec::new();
    };
    let [database] = stack.databases.as_slice() else { return Vec::new() };
    let web: Vec<_> = stack.users_of(database).into_iter().filter(|app| app.web.is_some()).collect();
    let mut figures = Vec::new();
    let (mut total, mut processes) = (0_u64, 0_u64);
    for app in web {
        let service = &stack.services[app.service];
        let (Some(pool), Some(each)) = (&app.pool, &app.processes) else { return Vec::new() };
        let count = each.value.saturating_mul(service.replicas.value);
        processes = processes.saturating_add(count);
        total = total.saturating_add(count.saturating_mul(pool.most()));
        figures.extend(pool.figures(&service.name));
    }
    if figures.is_empty() || total as f64 >= used {
        return Vec::new();
    }
    let used_text = show_count(used.ceil() as u64);
    let sentence =
        format!("The pools hold {} connections; the load uses {used_text} on average.", show_count(total));
    figures.push(predicted("connections in use", used_text));
    figures.push(load.users.figure());
    let wanted = ((used * 1.5) / processes.max(1) as f64).ceil();
    hit(sentence, figures)
        .agree("pool size and overflow of each process", format!("at least {wanted:.0} together"))
        .into_vec()
}

pub(super) fn max_connections(stack: &Stack) -> Vec<Hit> {
    let Some(used) = stack.load.as_ref().and_then(|load| load.connections_used) else { return Vec::new() };
    let [database] = stack.databases.as_slice() else { return Vec::new() };
    let max = database.max_connections();
    if used <= max.value as f64 {
        return Vec::new();
    }
    let used = used.ceil() as u64;
    let sentence = format!(
        "{} allows {} connections; the load uses {}.",
        database.name,
        show_count(max.value),
        show_count(used)
    );
    let figures = vec![
        max.figure(format!("{}: max_connections", database.name)),
        predicted("connections in use", show_count(used)),
    ];
    let wanted = show_count(opened::roomy(used));
    hit(sentence, figures)
        .agree(format!("{}: max_connections", database.name), format!("at least {wanted}"))
        .into_vec()
}

pub(super) fn buffer_pool(stack: &Stack) -> Vec<Hit> {
    let Some(set) = stack.load.as_ref().and_then(|load| load.working_set.as_ref()) else { return Vec::new() };
    let [database] = stack.databases.as_slice() else { return Vec::new() };
    let Some(pool) = database.buffer_pool().filter(|pool| pool.value < set.known.value) else {
        return Vec::new();
    };
    let sentence = format!(
        "A buffer pool of {} for {} that are used all the time.",
        show_bytes(pool.value),
        show_bytes(set.known.value)
    );
    let setting = format!("{}: innodb_buffer_pool_size", database.name);
    let figures = vec![pool.figure(&setting), set.figure()];
    hit(sentence, figures).agree(setting, format!("at least {}", show_bytes(set.known.value))).into_vec()
}

pub(super) fn max_memory(stack: &Stack) -> Vec<Hit> {
    let Some(used) = stack.load.as_ref().and_then(|load| load.cache_used) else { return Vec::new() };
    let total = stack
        .caches
        .iter()
        .filter_map(|cache| Some((cache, cache.max_memory()?)))
        .max_by_key(|(_, max)| max.value);
    let Some((cache, max)) = total.filter(|(_, max)| (max.value as f64) < used) else { return Vec::new() };
    let used = used.ceil() as u64;
    let sentence =
        format!("{} may hold {}; the entries take {}.", cache.name, show_bytes(max.value), show_bytes(used));
    let setting = format!("{}: maxmemory", cache.name);
    let figures = vec![max.figure(&setting), predicted("memory of the entries", show_bytes(used))];
    let wanted = show_bytes((used as f64 / 0.8).ceil() as u64);
    hit(sentence, figures).agree(setting, format!("at least {wanted}")).into_vec()
}

pub(super) fn slots(stack: &Stack) -> Vec<Hit> {
    let Some(busy) = stack.load.as_ref().and_then(|load| load.busy_slots) else { return Vec::new() };
    let mut figures = Vec::new();
    let mut total = 0_u64;
    for app in &stack.apps {
        let Some(tasks) = &app.tasks else { continue };
        let Some(concurrency) = &tasks.concurrency else { return Vec::new() };
        let service = &stack.services[app.service];
        total = total.saturating_add(concurrency.value.saturating_mul(service.replicas.value));
        figures.push(concurrency.figure(format!("{}: concurrency", service.name)));
        figures.push(service.replicas.figure(format!("{}: replicas", service.name)));
    }
    if figures.is_empty() || total as f64 > busy {
        return Vec::new();
    }
    let sentence = format!("{} task slots, of which the load keeps {busy:.1} busy.", show_count(total));
    figures.push(predicted("busy slots", format!("{busy:.1}")));
    hit(sentence, figures)
        .agree("slots in all containers", format!("at least {:.0}", (busy / 0.7).ceil()))
        .into_vec()
}
