//! A spec on given servers as a queueing network: which station stands for what.
//!
//! Station 0 is the application (its CPU in queries + 1 equal slices, one around each query), station 1 the database
//! (one visit for each query), and what is neither CPU nor queueing is a delay. Solves nothing.

use super::network::{
    Class, Discipline, Dispatch as Way, Hold, Network, Pool, Scaling as Law, Station, Visit,
};
use crate::spec::{Connection, Dispatch, Scaling, Spec};

/// Index of the application.
pub(crate) const APP: usize = 0;
/// Index of the database.
pub(crate) const DATABASE: usize = 1;

/// Servers of the two stations and the connections that the application may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Servers {
    /// Application cores.
    pub(crate) app: u32,
    /// Database cores; not used without a database.
    pub(crate) database: u32,
    /// Connections of all worker processes together; `None`: no limit.
    pub(crate) pool: Option<u32>,
}

/// The network of a spec on these servers.
pub(crate) fn network(spec: &Spec, servers: Servers) -> Network {
    let with_database = spec.database.is_some();
    let mut stations = vec![Station {
        name: "app".to_owned(),
        servers: servers.app.max(1),
        discipline: Discipline::ProcessorSharing,
        dispatch: match spec.app.dispatch {
            Dispatch::Pooled => Way::Pooled,
            Dispatch::Random => Way::Random,
            Dispatch::RoundRobin => Way::RoundRobin,
            Dispatch::LeastLoaded => Way::LeastLoaded,
        },
        scaling: spec.app.scaling.into(),
    }];
    if let Some(database) = &spec.database {
        stations.push(Station {
            name: "database".to_owned(),
            servers: servers.database.max(1),
            discipline: Discipline::ProcessorSharing,
            dispatch: Way::Pooled,
            scaling: database.scaling.into(),
        });
    }
    Network {
        // Casting saturates: more users than u32 holds are u32::MAX.
        users: spec.load.users.mid.round() as u32,
        think_s: spec.load.think_s.mid,
        think_cv2: 1.0,
        classes: spec.requests.iter().map(|request| class(request, with_database)).collect(),
        stations,
        pool: servers.pool.filter(|_| with_database).map(|size| Pool {
            size,
            station: DATABASE,
            hold: hold(spec),
        }),
    }
}

/// The law of a tier, by its middle values.
impl From<Scaling> for Law {
    fn from(of: Scaling) -> Self {
        Self::new(of.contention.mid, of.coherency.mid)
    }
}

fn class(request: &crate::spec::Request, with_database: bool) -> Class {
    let queries = if with_database { request.queries.mid } else { 0.0 };
    let slices = queries + 1.0;
    let mut visits =
        vec![Visit { count: slices, service_s: request.cpu_s.mid / slices, service_cv2: request.cpu_cv2 }];
    if with_database {
        visits.push(Visit { count: queries, service_s: request.query_cpu_s.mid, service_cv2: 1.0 });
    }
    Class {
        name: request.name.clone(),
        share: request.share,
        visits,
        wait_s: request.wait_s.mid,
        wait_cv2: request.wait_cv2,
    }
}

/// The network knows one way of holding: that of the kinds that need the most connections.
fn hold(spec: &Spec) -> Hold {
    let whole: f64 = spec
        .requests
        .iter()
        .filter(|request| request.connection == Connection::Request)
        .map(|request| request.share)
        .sum();
    // Any mix in which a tenth is held throughout is governed by it: such holds last many times longer.
    if whole >= 0.1 { Hold::Request } else { Hold::Visit }
}
