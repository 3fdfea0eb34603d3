//! The nouns of a region as bytes and back: each string and each source once, then the values that refer to them.
//!
//! In and out: [`RegionOffers`]. The bytes are only ever read after their checksum was compared; still, bytes of any
//! content give `None` at worst.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::{
    Architecture, Availability, Charge, ChargeRole, ConnectionLimit, Kind, Lifecycle, Meter, NewCustomers,
    Offer, Price, PriceStep, PriceUnit, Rate, RegionOffers, Shape, Source, Surcharge, Term,
};

/// Number of the format: part of every file's name and head. Raise it with every change of a noun or of this module.
pub(super) const FORMAT: u8 = 2;

/// A region as bytes.
pub(super) fn encode(region: &RegionOffers) -> Vec<u8> {
    let mut body = Encoder::default();
    region.put(&mut body);
    let mut all = Encoder::default();
    all.count(body.strings.len());
    let mut strings: Vec<(&str, u64)> = body.strings.iter().map(|(text, at)| (text.as_str(), *at)).collect();
    strings.sort_unstable_by_key(|(_, at)| *at);
    for (text, _) in strings {
        all.count(text.len());
        all.bytes.extend_from_slice(text.as_bytes());
    }
    all.count(body.source_list.len());
    for (place, as_of) in &body.source_list {
        all.number(*place);
        all.number(*as_of);
    }
    all.bytes.extend_from_slice(&body.bytes);
    all.bytes
}

/// A region from bytes; `None` when they are not what [`encode`] writes.
pub(super) fn decode(bytes: &[u8]) -> Option<RegionOffers> {
    let mut from = Decoder { rest: bytes, strings: Vec::new(), sources: Vec::new() };
    for _ in 0..from.count()? {
        let length = from.count()?;
        let text = std::str::from_utf8(from.take(length)?).ok()?;
        from.strings.push(text);
    }
    for _ in 0..from.count()? {
        let (place, as_of) = (String::get(&mut from)?, String::get(&mut from)?);
        from.sources.push(Arc::new(Source { place, as_of }));
    }
    let region = RegionOffers::get(&mut from)?;
    from.rest.is_empty().then_some(region)
}

/// Bytes being written.
#[derive(Default)]
pub(super) struct Encoder {
    bytes: Vec<u8>,
    strings: HashMap<String, u64>,
    sources: HashMap<(u64, u64), u64>,
    source_list: Vec<(u64, u64)>,
}

/// Bytes being read.
pub(super) struct Decoder<'a> {
    rest: &'a [u8],
    strings: Vec<&'a str>,
    sources: Vec<Arc<Source>>,
}

impl Encoder {
    /// Seven bits a byte, lowest first.
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        self.bytes.push(value.to_le_bytes()[0]);
    }

    fn count(&mut self, value: usize) {
        self.number(u64::try_from(value).expect("a length in memory fits 64 bits"));
    }

    fn string(&mut self, text: &str) -> u64 {
        if let Some(at) = self.strings.get(text) {
            return *at;
        }
        let at = u64::try_from(self.strings.len()).expect("a length in memory fits 64 bits");
        self.strings.insert(text.to_owned(), at);
        at
    }
}

impl<'a> Decoder<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }
}

/// A value that can be written and read back.
pub(super) trait Wire: Sized {
    fn put(&self, to: &mut Encoder);
    fn get(from: &mut Decoder<'_>) -> Option<Self>;
}

impl Wire for String {
    fn put(&self, to: &mut Encoder) {
        let at = to.string(self);
        to.number(at);
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        let at = from.count()?;
        from.strings.get(at).map(|text| (*text).to_owned())
    }
}

impl Wire for Arc<Source> {
    fn put(&self, to: &mut Encoder) {
        let key = (to.string(&self.place), to.string(&self.as_of));
        let next = u64::try_from(to.source_list.len()).expect("a length in memory fits 64 bits");
        let at = *to.sources.entry(key).or_insert(next);
        if at == next {
            to.source_list.push(key);
        }
        to.number(at);
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        let at = from.count()?;
        from.sources.get(at).cloned()
    }
}

impl Wire for f64 {
    fn put(&self, to: &mut Encoder) {
        to.bytes.extend_from_slice(&self.to_le_bytes());
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        from.array().map(Self::from_le_bytes)
    }
}

impl Wire for u32 {
    fn put(&self, to: &mut Encoder) {
        to.number(u64::from(*self));
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        Self::try_from(from.number()?).ok()
    }
}

impl Wire for bool {
    fn put(&self, to: &mut Encoder) {
        to.bytes.push(u8::from(*self));
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for Decimal {
    // The scale, then the digits as a number: a price takes four bytes instead of sixteen.
    fn put(&self, to: &mut Encoder) {
        let [scale, ..] = self.scale().to_le_bytes();
        let digits = self.mantissa().unsigned_abs();
        match u64::try_from(digits) {
            Ok(digits) => {
                to.bytes.push(scale | if self.is_sign_negative() { 0x40 } else { 0 });
                to.number(digits);
            }
            Err(_) => {
                to.bytes.push(0x80);
                to.bytes.extend_from_slice(&self.serialize());
            }
        }
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        let head = from.byte()?;
        if head == 0x80 {
            return Some(Self::deserialize(from.array()?));
        }
        let digits = i128::from(from.number()?);
        let signed = if head & 0x40 == 0 { digits } else { -digits };
        Self::try_from_i128_with_scale(signed, u32::from(head & 0x3f)).ok()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, to: &mut Encoder) {
        self.is_some().put(to);
        if let Some(value) = self {
            value.put(to);
        }
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        if bool::get(from)? { T::get(from).map(Some) } else { Some(None) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, to: &mut Encoder) {
        to.count(self.len());
        self.iter().for_each(|value| value.put(to));
    }
    fn get(from: &mut Decoder<'_>) -> Option<Self> {
        let length = from.count()?;
        // Every value takes at least a byte, so a false length cannot ask for more memory than the file is long.
        let mut all = Self::with_capacity(length.min(from.rest.len()));
        for _ in 0..length {
            all.push(T::get(from)?);
        }
        Some(all)
    }
}

macro_rules! wire_struct {
    ($($type:ident { $($field:ident),* $(,)? })*) => { $(
        impl Wire for $type {
            fn put(&self, to: &mut Encoder) {
                $( self.$field.put(to); )*
            }
            fn get(from: &mut Decoder<'_>) -> Option<Self> {
                Some(Self { $( $field: Wire::get(from)? ),* })
            }
        }
    )* };
}

macro_rules! wire_enum {
    ($($type:ident { $($tag:literal $variant:ident $({ $($field:ident),* })?),* $(,)? })*) => { $(
        impl Wire for $type {
            fn put(&self, to: &mut Encoder) {
                match self {
                    $( Self::$variant $({ $($field),* })? => {
                        to.bytes.push($tag);
                        $( $( $field.put(to); )* )?
                    } )*
                }
            }
            fn get(from: &mut Decoder<'_>) -> Option<Self> {
                match from.byte()? {
                    $( $tag => Some(Self::$variant $({ $($field: Wire::get(from)?),* })?), )*
                    _ => None,
                }
            }
        }
    )* };
}

wire_struct! {
    RegionOffers { offers, charges, surcharges }
    Offer { sku, aliases, family, kind, engines, shape, connections, rates, lifecycle, note }
    Shape { vcpus, cores, memory_gib, disk_gib, network_mbps, transfer_gib, architecture, burstable }
    ConnectionLimit { default, maximum }
    Rate { term, availability, price }
    Price { amount, unit, source, note }
    Charge { sku, what, tier, meter, unit, availability, balancer, steps, role, note }
    PriceStep { from, amount, source }
    Surcharge { engine, version, from, until, what, per_vcpu_hour }
}

wire_enum! {
    Kind { 0 Compute, 1 Database, 2 Cache, 3 Balancer }
    Architecture { 0 X86, 1 Arm }
    Term { 0 OnDemand, 1 Reserved1y, 2 Reserved3y }
    Availability { 0 Single, 1 Standby }
    PriceUnit { 0 Hour, 1 Month }
    NewCustomers { 0 Accepted, 1 Refused }
    ChargeRole { 0 Default, 1 Listed }
    Lifecycle {
        0 Current,
        1 Legacy { successor, source },
        2 Retiring { on, successor, source, new_customers },
        3 Retired { on, successor, source },
    }
    Meter {
        0 BalancerHours,
        1 BalancerUnits { new_connections_per_s, active_connections, gb_per_hour, requests_per_s, minimum_units },
        2 BalancerNodes { requests_per_s, connections, new_tls_per_s },
        3 BalancerGb,
        4 AppDiskGib,
        5 AppDiskSteps,
        6 DatabaseStorageGib,
        7 DatabaseIops { included, included_per_gib, large_from_gib, large_included },
        8 DatabaseBackupGib { free_share },
        9 CacheBackupGib { free_snapshots },
        10 EgressGb,
        11 EgressGib,
        12 CrossZoneGb { directions },
        13 NatHours,
        14 NatMachineHours { cap },
        15 NatGb,
        16 PublicIpHours { per_balancer_zone, fewest },
        17 Alarms,
        18 LookUpOnly,
    }
}
