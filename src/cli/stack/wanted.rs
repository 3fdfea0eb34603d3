//! From a spec to everything that should be there, on one cloud: sized, chosen, drawn and translated.

use loadline_contract::Provider;
use loadline_contract::deploy::{Deployment, Resource};

use super::super::exit::Failure;
use super::super::screen::Screen;
use super::super::shops::{compare, known_cloud, open, place};
use super::StackArgs;
use crate::blueprint::{self, Sheet};
use crate::market::Candidate;
use crate::plan::{Costs, Keeping};
use crate::sizing::{self, Confirm, Effort, Model};
use crate::spec::{CloudChoice, Spec};

/// Everything that should be there.
pub(super) struct Wanted {
    pub(super) cloud: &'static dyn Provider,
    pub(super) region: String,
    pub(super) deployment: Deployment,
    pub(super) resources: Vec<Resource>,
    pub(super) costs: Costs,
    /// What keeping a backup costs.
    pub(super) keeping: Keeping,
    /// Hash of the spec with its overrides and of the public key.
    pub(super) spec_hash: String,
    /// Newest date in the bill.
    pub(super) prices: String,
    /// What a person should know, one sentence each.
    pub(super) notes: Vec<String>,
    /// Login name on the machines.
    pub(super) login: String,
}

impl Named {
    /// Nothing is wanted of it.
    pub(super) fn nothing(self) -> Wanted {
        let region = self.spec.clouds[0].region.clone();
        Wanted {
            cloud: self.cloud,
            region,
            deployment: self.deployment,
            resources: Vec::new(),
            costs: Costs::default(),
            keeping: Keeping::default(),
            spec_hash: hash(&format!("{:?}", self.spec)),
            prices: String::new(),
            notes: Vec::new(),
            login: self.spec.access.user,
        }
    }
}

/// The deployment that a spec names on the cloud that is meant.
pub(super) struct Named {
    pub(super) spec: Spec,
    pub(super) cloud: &'static dyn Provider,
    pub(super) deployment: Deployment,
}

impl StackArgs {
    /// Reads the spec and finds which cloud is meant.
    pub(super) fn named(&self, screen: &Screen) -> Result<Named, Failure> {
        let mut spec = self.spec.read(screen)?;
        let name = match (&self.cloud, spec.clouds.as_slice()) {
            (Some(name), _) => name.clone(),
            (None, [only]) => only.cloud.clone(),
            (None, several) => {
                let names: Vec<&str> = several.iter().map(|choice| choice.cloud.as_str()).collect();
                return Err(Failure::usage(format!("the spec names several clouds: {}", names.join(", ")))
                    .hint(format!("say which with --cloud, such as --cloud {}", names[0])));
            }
        };
        let cloud = known_cloud(&name)?;
        let region = match &self.region {
            Some(region) => Some(place(&format!("{name}={region}"))?.1),
            None => None,
        };
        let written = spec.clouds.iter().find(|choice| choice.cloud == name);
        let default = || cloud.profile().regions[0].name.to_owned();
        let choice = CloudChoice {
            cloud: name,
            region: region.or_else(|| written.map(|it| it.region.clone())).unwrap_or_else(default),
            certificate: written.and_then(|it| it.certificate.clone()),
        };
        spec.clouds = vec![choice];
        let deployment = spec.name.parse().map_err(|error| Failure::usage(format!("name: {error}")))?;
        Ok(Named { spec, cloud, deployment })
    }

    /// Works out everything that should be there.
    pub(super) fn wanted(
        &self,
        named: Named,
        (for_show, screen): (bool, &Screen),
    ) -> Result<Wanted, Failure> {
        let Named { spec, cloud, deployment } = named;
        let mut notes = Vec::new();
        let public_key = match public_key(&spec) {
            Err(_) if for_show => {
                notes.push(
                    "access.ssh.key cannot be read: here a stand-in takes the place of the public key"
                        .to_owned(),
                );
                Some("ssh-ed25519 stand-in".to_owned())
            }
            read => read?,
        };
        let effort = Effort { confirm: Confirm::WhenFormulasBreak, ..Effort::quick() };
        let model = Model::new(&spec, &effort);
        let sizing = sizing::size_with(&model, &|_| ());
        let shops = open(&spec, self.prices.as_deref(), screen)?;
        let comparison = compare(&spec, &sizing, &model, &shops)?;
        let title = cloud.profile().title;
        let outcome = &comparison.clouds[0];
        let objections: Vec<String> =
            outcome.objections.iter().map(|it| format!("{}: {}", it.what, it.why)).collect();
        let Some(candidate) = outcome.main() else {
            return Err(Failure::no(format!(
                "nothing that {title} sells meets this spec: {}",
                objections.join("; ")
            ))
            .hint("loadline compare shows what was rejected and why; nothing was changed"));
        };
        notes.extend(objections);
        notes.extend(candidate.misses.iter().map(|miss| miss.sentence.clone()));
        let region = cloud
            .profile()
            .region(&outcome.region)
            .ok_or_else(|| Failure::usage(format!("{title} has no region `{}`", outcome.region)))?;
        let sheet = Sheet {
            spec: &spec,
            requirements: &sizing.requirements,
            design: &candidate.design,
            region,
            public_key: public_key.as_deref(),
        };
        let drawn = blueprint::draw(sheet).map_err(|problems| {
            Failure::no(problems.join("\n       ")).hint("change the spec; nothing was changed")
        })?;
        notes.extend(drawn.notes);
        let resources = cloud.translate(&drawn.blueprint).map_err(|objections| {
            let sentences: Vec<String> =
                objections.iter().map(|it| format!("{}: {}", it.what, it.why)).collect();
            Failure::no(format!("{title} cannot build this: {}", sentences.join("\n       ")))
                .hint("change the spec; nothing was changed")
        })?;
        let keeping = Keeping::of(&shops[0].sold);
        let costs = Costs::of(&candidate.bill, &resources, cloud.profile().stages);
        let spec_hash = hash(&format!("{spec:?}{public_key:?}"));
        Ok(Wanted {
            cloud,
            region: outcome.region.clone(),
            deployment,
            resources,
            costs,
            keeping,
            spec_hash,
            prices: newest(candidate),
            notes,
            login: spec.access.user,
        })
    }
}

fn newest(candidate: &Candidate) -> String {
    candidate.bill.lines.iter().map(|line| line.as_of.as_str()).max().unwrap_or_default().to_owned()
}

pub(super) fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

/// The operators' public key: the file that the spec names.
fn public_key(spec: &Spec) -> Result<Option<String>, Failure> {
    let Some(path) = &spec.access.key else { return Ok(None) };
    let file = match (path.strip_prefix("~/"), std::env::var("HOME")) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}"),
        _ => path.clone(),
    };
    let failed = |problem: String| {
        Failure::failed(format!("reading the public key {path} (access.ssh.key): {problem}; nothing was changed"))
            .hint("make one with ssh-keygen -t ed25519, or name another in the spec; without access.ssh nobody logs in")
    };
    let text = std::fs::read_to_string(&file).map_err(|error| failed(error.to_string()))?;
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let known = ["ssh-ed25519 ", "ssh-rsa ", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
    if line.len() > 4096 || !known.iter().any(|kind| line.starts_with(kind)) {
        return Err(failed("it holds no public key (a private key is never read)".to_owned()));
    }
    Ok(Some(line.to_owned()))
}
