//! What each part of the grammar means.

use super::{book, money, north, rate, single};
use crate::{
    Architecture, Availability, Charge, ChargeRole, Kind, Lifecycle, Meter, NewCustomers, PriceUnit, Term,
};
use crate::{RegionOffers, listing};

#[test]
fn a_table_gives_each_region_its_own_prices_with_their_sources() {
    let text = "family c6i compute sku=c6i.{} alias=C{} arch=x86 cores=half disk=0 transfer=0 # two threads a core\n\
                  about for steady load\n\
                  columns        north@K north/3y@N:up south@K\n\
                  size large 2 4 network=6250 | 0.085 0.0326  ?@U\n\
                  size xlarge 4 8 | 0.17@N:up - -\n";
    let north = north(text);
    let [large, xlarge] = &north.offers[..] else { panic!("{north:?}") };
    assert_eq!((large.sku.as_str(), large.family.as_str(), large.kind), ("c6i.large", "c6i", Kind::Compute));
    assert_eq!(large.aliases, ["Clarge"]);
    assert_eq!(
        (large.shape.vcpus, large.shape.cores, large.shape.memory_gib),
        (Some(2.0), Some(1.0), Some(4.0))
    );
    assert_eq!((large.shape.disk_gib, large.shape.network_mbps), (Some(0.0), Some(6250.0)));
    assert_eq!((large.shape.architecture, xlarge.shape.network_mbps), (Some(Architecture::X86), None));
    assert_eq!((large.note.as_str(), large.lifecycle.clone()), ("for steady load", Lifecycle::Current));
    let on_demand = single(large);
    assert_eq!(
        (on_demand.amount, on_demand.unit, on_demand.note.as_str()),
        (Some(money("0.085")), PriceUnit::Hour, "")
    );
    assert_eq!(
        (on_demand.source.place.as_str(), on_demand.source.as_of.as_str()),
        ("the price list", "2026-07-20")
    );
    let committed = &rate(large, Term::Reserved3y, Availability::Single).price;
    assert_eq!((committed.source.as_of.as_str(), committed.note.as_str()), ("2025", "all upfront"));
    assert_eq!(single(xlarge).note, "all upfront");
    assert_eq!(xlarge.rates.len(), 1);

    let south = book(text).offers("south");
    assert_eq!(south.offers.len(), 1, "a size with `-` only is not sold there");
    assert_eq!(single(&south.offers[0]).amount, None);
    assert_eq!(single(&south.offers[0]).source.place, "looked for in both; no row");
    assert_eq!(book(text).offers("east"), RegionOffers::default());
    assert_eq!((book(text).regions().len(), book(text).price_count()), (2, 4));
}

#[test]
fn a_column_may_hold_for_several_regions_or_for_all() {
    let book = book(
        "family f compute sku={}\ncolumns *@K\nsize a 1 1 | 3\nfamily g compute sku=g{}\ncolumns north,south@K\nsize a 1 1 | 4\n",
    );
    assert_eq!(book.offers("north"), book.offers("south"));
    assert_eq!(book.offers("south").offers.len(), 2);
}

#[test]
fn components_are_summed_and_a_standby_is_a_multiple() {
    let north = north(
        "family db database engines=mysql sku=db-{} connections=4000 max-connections=100/GiB\n\
           columns north@K north/standby north/1y@K south@K\n\
           rate vcpu | 0.0413 - ? 0.0413\n\
           rate gib  | 0.007 - 0.005 -\n\
           size 8-52 8 52 | = x2 = =\n\
           size 8-40 8 40 connections=250 | 0.5 x2 - -\n",
    );
    let offer = &north.offers[0];
    // 8 x 0.0413 + 52 x 0.007
    assert_eq!(single(offer).amount, Some(money("0.6944")));
    assert_eq!(single(offer).note, "derived: 8 vCPU x 0.0413 + 52 GiB x 0.007");
    let pair = &rate(offer, Term::OnDemand, Availability::Standby).price;
    assert_eq!(pair.amount, Some(money("1.3888")));
    assert!(pair.note.starts_with("derived: 2 x the single rate"), "{}", pair.note);
    assert_eq!(
        rate(offer, Term::Reserved1y, Availability::Single).price.amount,
        None,
        "half known is unknown"
    );
    let limit = offer.connections.unwrap();
    assert_eq!((limit.default, limit.maximum), (4000, 5200));
    assert_eq!(north.offers[1].connections.unwrap().default, 250);
    assert_eq!(rate(&north.offers[1], Term::OnDemand, Availability::Standby).price.amount, Some(money("1")));
}

#[test]
fn a_range_makes_one_size_for_each_gib_and_names_its_last_after_the_family() {
    let north = north(
        "family M3 cache engines=redis sku=m3-{}gb\ncolumns north@K north/standby@K\nrate gib | 0.023 0.046\nrange 11 35 | = =\n",
    );
    assert_eq!(north.offers.len(), 25);
    let thirteen = &north.offers[2];
    assert_eq!(
        (thirteen.sku.as_str(), thirteen.shape.memory_gib, thirteen.shape.vcpus),
        ("m3-13gb", Some(13.0), None)
    );
    // 13 x 0.023 x 730 = 218.27
    assert_eq!(single(thirteen).amount.unwrap() * money("730"), money("218.27"));
    assert!(north.offers[24].answers_to("m3") && !thirteen.answers_to("m3"));
}

#[test]
fn sustained_use_lowers_what_is_paid_on_demand_only() {
    let north = north(
        "family c2 compute sku=c2-{} sustained-use=0.8002\ncolumns north@K north/1y@K\nsize 16 16 64 | 0.835232 0.52616\n",
    );
    let offer = &north.offers[0];
    // 0.835232 x 0.8002
    assert_eq!(single(offer).amount, Some(money("0.6683526464")));
    assert!(single(offer).note.contains("list 0.835232/h x 0.8002"));
    assert_eq!(rate(offer, Term::Reserved1y, Availability::Single).price.amount, Some(money("0.52616")));
}

#[test]
fn a_cell_may_be_worked_out_and_says_how() {
    let north = north(
        "family f cache engines=redis sku=f unit=month\ncolumns north@K north/1y@K\nsize a ? 1 | 0.0413*0.75 91/8760\n",
    );
    let offer = &north.offers[0];
    assert_eq!(single(offer).amount, Some(money("0.030975")));
    assert_eq!((single(offer).unit, single(offer).note.as_str()), (PriceUnit::Month, "derived: 0.0413*0.75"));
    assert_eq!(rate(offer, Term::Reserved1y, Availability::Single).price.amount, Some(money("0.0103881279")));
}

#[test]
fn lifecycles_say_until_when_and_what_instead() {
    let north = north(
        "family a cache engines=redis sku=a-{}\nlifecycle retiring on=2028-09-30 closed-to-new successor=\"the new one\" source=here\nin north\n\
         size s 1 1\nsize l 2 2 successor=big\n\
         family b compute sku=b-{}\nlifecycle legacy successor=c source=\"x y\"\nin *\nsize s ? ?\n\
         family c compute sku=c-{}\nlifecycle retired on=2024-09-16 successor=d source=e\nin *\nsize s ? ?\n",
    );
    let of = |sku: &str| north.offers.iter().find(|offer| offer.sku == sku).unwrap().lifecycle.clone();
    let retiring = |successor: &str| Lifecycle::Retiring {
        on: "2028-09-30".to_owned(),
        successor: successor.to_owned(),
        source: "here".to_owned(),
        new_customers: NewCustomers::Refused,
    };
    assert_eq!(of("a-s"), retiring("the new one"));
    assert_eq!(of("a-l"), retiring("big"));
    assert_eq!(of("b-s"), Lifecycle::Legacy { successor: "c".to_owned(), source: "x y".to_owned() });
    assert!(matches!(of("c-s"), Lifecycle::Retired { on, .. } if on == "2024-09-16"));
    assert!(north.offers.iter().all(|offer| offer.rates.is_empty()));
}

#[test]
fn a_charge_has_steps_and_a_rule() {
    let text = "charge egress shared \"to the internet\" meter=egress-gb unit=GB\nabout first 100 free\ncolumns north@K south@N\n\
                from 0 | 0 -\nfrom 100 | 0.09 -\nfrom 10240 | ?@U -\n\
                charge iops database \"more IOPS\" meter=database-iops included=3000 large-from=400 large-included=12000 for=standby unit=IOPS-month\n\
                columns north@K\nfrom 0 | 0.04\n\
                charge lb balancer units meter=balancer-units new-per-s=25 active=3000 gb-per-hour=1 balancer=alb unit=u listed\n\
                columns *@K\nfrom 0 | 0.008\n\
                charge logs shared logs meter=none unit=GB\ncolumns *@K\nfrom 0 | 0.5\n\
                charge ip shared addresses meter=public-ip-hours addresses=zone at-least=2 unit=hour\ncolumns north@K\nfrom 0 | 0.005\n";
    let north = north(text);
    let [egress, iops, units, logs, addresses]: &[Charge; 5] = north.charges.as_slice().try_into().unwrap();
    let steps: Vec<_> = egress.steps.iter().map(|step| (step.from, step.amount)).collect();
    assert_eq!(
        steps,
        [(money("0"), Some(money("0"))), (money("100"), Some(money("0.09"))), (money("10240"), None)]
    );
    assert_eq!(
        (egress.tier, egress.meter.clone(), egress.note.as_str()),
        (None, Meter::EgressGb, "first 100 free")
    );
    assert_eq!(iops.availability, Some(Availability::Standby));
    let rule = Meter::DatabaseIops {
        included: 3000.0,
        included_per_gib: 0.0,
        large_from_gib: Some(400.0),
        large_included: Some(12_000.0),
    };
    assert_eq!((iops.meter.clone(), iops.tier), (rule, Some(Kind::Database)));
    assert_eq!((units.role, units.balancer.as_deref()), (ChargeRole::Listed, Some("alb")));
    assert_eq!((logs.role, logs.meter.clone()), (ChargeRole::Listed, Meter::LookUpOnly));
    assert_eq!(addresses.meter, Meter::PublicIpHours { per_balancer_zone: true, fewest: 2.0 });
    assert_eq!(book(text).offers("south").charges.len(), 2, "a region without any step has no charge");
}

#[test]
fn a_surcharge_has_dates_and_may_be_unknown() {
    let north = north(
        "surcharge mysql 8.0 from=2026-08-01 until=2029-07-31 what=\"extended support\"\ncolumns north@K south@U\nper-vcpu-hour | 0.1 ?\n",
    );
    let only = &north.surcharges[0];
    assert_eq!(
        (only.engine.as_str(), only.version.as_str(), only.from.as_str()),
        ("mysql", "8.0", "2026-08-01")
    );
    assert_eq!((only.until.as_deref(), only.per_vcpu_hour.amount), (Some("2029-07-31"), Some(money("0.1"))));
}

#[test]
fn a_name_is_recognised_in_any_case_with_spaces_dashes_or_underscores() {
    let north =
        north("family F compute sku=Standard_F{}s_v2 alias=F{}s_v2\ncolumns north@K\nsize 16 16 32 | 1\n");
    let offer = &north.offers[0];
    assert!(
        offer.answers_to("F16s v2")
            && offer.answers_to("standard-f16s-v2")
            && offer.answers_to("Standard_F16s_v2")
    );
    assert!(!offer.answers_to("F16s") && !offer.answers_to("") && !offer.answers_to("--"));
}

#[test]
fn a_listing_has_a_row_for_each_price_and_for_each_product_without_one() {
    let north = north(
        "family f compute sku=f-{}\ncolumns north@K north/1y@N\nsize s 2 4 | 0.1 ?\nfamily g compute sku=g-{}\nin north\nsize s ? ?\n\
         charge e shared egress meter=egress-gb unit=GB\ncolumns north@K\nfrom 0 | 0\nfrom 100 | 0.09\n\
         surcharge mysql 8.0 from=2026-08-01 what=support\ncolumns north@U\nper-vcpu-hour | ?\n",
    );
    let rows = listing("north", &north);
    let shown: Vec<_> =
        rows.iter().map(|row| (row.kind, row.sku.as_str(), row.unit.as_str(), row.price)).collect();
    assert_eq!(
        shown,
        [
            ("compute", "f-s", "hour", Some(money("0.1"))),
            ("compute", "f-s", "hour", None),
            ("compute", "g-s", "", None),
            ("network", "e", "GB", Some(money("0"))),
            ("network", "e", "GB from 100", Some(money("0.09"))),
            ("network", "mysql 8.0", "vCPU-hour", None),
        ]
    );
    assert_eq!(
        (rows[0].vcpus, rows[1].term, rows[1].as_of.as_str()),
        (Some(2.0), Some(Term::Reserved1y), "2025")
    );
}
