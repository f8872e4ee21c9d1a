//! The operations of the API: the router and its OpenAPI description are made from these rows.
//!
//! To add one: a handler in a file here, a row of [`OPERATIONS`], its answer in `schemas.rs`.

use axum::routing::{MethodRouter, delete, get, patch, post};

use super::schemas::Schema;
use super::{
    acts, bulletins, communes, investigations, openapi, precedents, search, stats, subscriptions,
    texts,
};
use crate::pages::coverage;
use crate::state::AppState;

/// Who may ask for an operation, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever reads: `GET`.
    Open,
    /// Who has a key.
    Keyed {
        /// The method, in lower case.
        method: &'static str,
        /// What is sent.
        body: Option<Schema>,
        /// The status of the answer.
        status: u16,
    },
}

/// One operation.
pub(crate) struct Operation {
    /// Who may ask for it.
    pub(crate) access: Access,
    /// Address, with `{id}` for what varies.
    pub(crate) path: &'static str,
    /// What it is called in clients.
    pub(crate) id: &'static str,
    /// What it gives, in French.
    pub(crate) about: &'static str,
    /// Its parameters, apart from those of the path.
    pub(crate) parameters: &'static [Parameter],
    /// What the answer is made of.
    pub(crate) answer: Schema,
    /// Who answers.
    pub(crate) handler: fn() -> MethodRouter<AppState>,
}

/// A parameter of an address.
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it takes.
    pub(crate) takes: Takes,
    /// What it does, in French.
    pub(crate) about: &'static str,
    /// A value to try.
    pub(crate) example: &'static str,
}

/// What a parameter takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Words.
    Text,
    /// A day, ISO 8601.
    Day,
    /// A whole number from 1.
    Count,
    /// One of these.
    OneOf(&'static [&'static str]),
}

const fn parameter(
    name: &'static str,
    takes: Takes,
    about: &'static str,
    example: &'static str,
) -> Parameter {
    Parameter { name, takes, about, example }
}

const PAGE: Parameter = parameter("page", Takes::Count, "Page, à partir de 1", "1");
const ADMINISTRATION: Parameter = parameter(
    "administration",
    Takes::Text,
    "Codes de préfectures, séparés par des virgules",
    "pref34,ppparis",
);
const START: Parameter =
    parameter("start_date", Takes::Day, "Publié ce jour ou après", "2026-01-01");
const END: Parameter = parameter("end_date", Takes::Day, "Publié ce jour ou avant", "2026-12-31");
const WORDS: Parameter =
    parameter("s", Takes::Text, "Mots, dans le langage de la recherche", "drone manifestation");
const CATEGORY: Parameter = parameter(
    "categorie",
    Takes::OneOf(&[
        "drone",
        "vsa",
        "biometrie",
        "videoprotection",
        "lapi",
        "camera-mobile",
        "anti-drone",
        "perimetre",
        "autre-capteur",
        "visionnage",
        "camera-parlante",
        "fouille",
        "garde-privee",
        "interdiction-paraitre",
    ]),
    "Catégorie ; répétable",
    "drone",
);
const LEVEL: Parameter = parameter(
    "niveau",
    Takes::OneOf(&["authorises", "restricts", "concerns", "mentions", "tous"]),
    "Niveau ; répétable",
    "authorises",
);

const DOUBT: Parameter = parameter(
    "doute",
    Takes::OneOf(&[
        "tous",
        "no-basis",
        "too-long",
        "gathering-without-end",
        "other-purpose",
        "excluded-capability",
        "other-user",
        "silence",
        "published-after-start",
        "too-late-for-a-judge",
        "no-camera-number",
    ]),
    "Doute de droit ; répétable ; « tous » : n’importe lequel",
    "tous",
);

const REGION: Parameter = parameter(
    "region",
    Takes::Text,
    "Région, par son nom en minuscules ou son code INSEE ; répétable",
    "bretagne",
);
const EPCI: Parameter = parameter(
    "epci",
    Takes::Text,
    "SIREN d’une intercommunalité : les actes qui nomment une de ses communes ; répétable",
    "243500139",
);
const AROUND: Parameter = parameter(
    "autour",
    Takes::Text,
    "Code INSEE et distance (1 à 100 km) : les actes qui nomment une commune dont le centre y est ; répétable",
    "35238-20km",
);

/// Of a list of acts; those of the page `/recherche` are understood too.
const OF_ACTS: &[Parameter] = &[
    WORDS,
    ADMINISTRATION,
    REGION,
    EPCI,
    AROUND,
    START,
    END,
    CATEGORY,
    LEVEL,
    DOUBT,
    parameter(
        "sort",
        Takes::OneOf(&["relevance", "date", "effect"]),
        "Ordre : pertinence, publication, prise d’effet",
        "date",
    ),
    PAGE,
];

const SINCE: Parameter = parameter("du", Takes::Day, "Premier jour de la période", "2026-01-01");
const UNTIL: Parameter = parameter("au", Takes::Day, "Dernier jour de la période", "2026-12-31");
const YEAR: Parameter =
    parameter("annee", Takes::Count, "Année, à la place des jours ; répétable", "2026");
const PREFECTURE: Parameter =
    parameter("prefecture", Takes::Text, "Code de préfecture ; répétable", "34");

const ON: Parameter = parameter("le", Takes::Day, "En vigueur ce jour-là", "2025-06-01");

const THE_DAY: Parameter =
    parameter("le", Takes::Day, "Ce jour-là seulement, à la place de la période", "2026-07-14");

const fn keyed(method: &'static str, body: Option<Schema>, status: u16) -> Access {
    Access::Keyed { method, body, status }
}

/// Where programs make subscriptions.
pub(crate) const SUBSCRIPTIONS: &str = "/api/v1/subscriptions";
const SUBSCRIPTION: &str = "/api/v1/subscriptions/{id}";

/// All operations.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        access: Access::Open,
        path: "/api/v1/search",
        id: "search",
        about: "Cherche des actes",
        parameters: OF_ACTS,
        answer: Schema::Search,
        handler: || get(search::get),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/acts/{id}",
        id: "act",
        about: "Un acte, avec ses faits, ses preuves et son texte",
        parameters: &[],
        answer: Schema::Act,
        handler: || get(acts::get),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/bulletins",
        id: "bulletins",
        about: "Les recueils, le dernier publié d’abord",
        parameters: &[ADMINISTRATION, START, END, PAGE],
        answer: Schema::Bulletins,
        handler: || get(bulletins::list),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/bulletins/{id}",
        id: "bulletin",
        about: "Un recueil et ses actes",
        parameters: &[],
        answer: Schema::Bulletin,
        handler: || get(bulletins::get),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/communes",
        id: "communes",
        about: "Les communes que nomment des actes, les plus nommées d’abord (120 au plus)",
        parameters: &[WORDS, ADMINISTRATION, START, END, CATEGORY, LEVEL],
        answer: Schema::Communes,
        handler: || get(communes::list),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/communes/{insee}",
        id: "commune",
        about: "Une commune et les actes qui la nomment",
        parameters: &[CATEGORY, LEVEL, START, END, PAGE],
        answer: Schema::Commune,
        handler: || get(communes::get),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/sources",
        id: "sources",
        about: "Les sources et leur état",
        parameters: &[],
        answer: Schema::Sources,
        handler: || get(coverage::json),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/stats",
        id: "stats",
        about: "Les chiffres de l’ensemble",
        parameters: &[],
        answer: Schema::Stats,
        handler: || get(stats::get),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/enquetes/{enquete}",
        id: "investigation",
        about: "Une enquête (drones, preavis, jours ou doutes), comme sur sa page : ce qui compte, ce qui est \
                mis à part, les tableaux",
        parameters: &[SINCE, UNTIL, YEAR, PREFECTURE, CATEGORY],
        answer: Schema::Investigation,
        handler: || get(investigations::get),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/carte",
        id: "map",
        about: "Actes, jours couverts et préavis par département",
        parameters: &[SINCE, UNTIL, YEAR, CATEGORY, THE_DAY],
        answer: Schema::Map,
        handler: || get(investigations::map),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/textes",
        id: "texts",
        about: "Les textes de droit, avec leurs dates et leurs sources : ceux sur lesquels reposent \
                doutes et lettres",
        parameters: &[CATEGORY, ON],
        answer: Schema::Texts,
        handler: || get(texts::get),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/precedents",
        id: "precedents",
        about: "Ce que des juges ont décidé d’actes, la dernière décision d’abord",
        parameters: &[CATEGORY],
        answer: Schema::Precedents,
        handler: || get(precedents::get),
    },
    Operation {
        access: keyed("post", Some(Schema::NewSubscription), 201),
        path: SUBSCRIPTIONS,
        id: "subscribe",
        about: "Suit une liste, par e-mail ou par webhook ; le secret d’un webhook n’est donné qu’ici",
        parameters: &[],
        answer: Schema::Subscription,
        handler: || post(subscriptions::create),
    },
    Operation {
        access: keyed("get", None, 200),
        path: SUBSCRIPTIONS,
        id: "subscriptions",
        about: "Les abonnements faits avec cette clé",
        parameters: &[],
        answer: Schema::Subscriptions,
        handler: || get(subscriptions::list),
    },
    Operation {
        access: keyed("get", None, 200),
        path: SUBSCRIPTION,
        id: "subscription",
        about: "Un abonnement",
        parameters: &[],
        answer: Schema::Subscription,
        handler: || get(subscriptions::get),
    },
    Operation {
        access: keyed("patch", Some(Schema::SubscriptionChange), 200),
        path: SUBSCRIPTION,
        id: "changeSubscription",
        about: "Change la fréquence, met en pause, reprend ; ce qui n’est pas donné reste",
        parameters: &[],
        answer: Schema::Subscription,
        handler: || patch(subscriptions::change),
    },
    Operation {
        access: keyed("delete", None, 204),
        path: SUBSCRIPTION,
        id: "unsubscribe",
        about: "Arrête un abonnement, et efface l’adresse avec son dernier",
        parameters: &[],
        answer: Schema::Nothing,
        handler: || delete(subscriptions::end),
    },
    Operation {
        access: Access::Open,
        path: "/api/v1/openapi.json",
        id: "openapi",
        about: "La description de cette API",
        parameters: &[],
        answer: Schema::Any,
        handler: || get(openapi::get),
    },
];
