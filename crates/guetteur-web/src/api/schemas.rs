//! What answers are made of: names, types and meanings, for the OpenAPI description. A test compares
//! them with real answers.

use serde_json::{Map, Value, json};

use super::fact_schemas::{ACT_REFERENCE, FACTS, FLAG, PLACE, SPAN, TRACE};

/// What an operation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// A page of acts found.
    Search,
    /// An act with its text.
    Act,
    /// A page of bulletins.
    Bulletins,
    /// A bulletin with its acts.
    Bulletin,
    /// Communes with counts.
    Communes,
    /// A commune with its acts.
    Commune,
    /// Sources.
    Sources,
    /// Figures.
    Stats,
    /// The answer to an investigation.
    Investigation,
    /// Départements with their numbers.
    Map,
    /// Texts of law.
    Texts,
    /// What courts decided, with the acts.
    Precedents,
    /// Anything.
    Any,
    /// A subscription.
    Subscription,
    /// Those of a key.
    Subscriptions,
    /// What a subscription is made of.
    NewSubscription,
    /// What is changed of one.
    SubscriptionChange,
    /// No content.
    Nothing,
}

/// Name, type, meaning. A `?` after the type: may be null; `[]`: a list of such; a type with a
/// capital is described among the components.
pub(crate) type Field = (&'static str, &'static str, &'static str);

const LIST: [Field; 4] = [
    ("total", "integer", "Nombre de réponses, toutes pages ensemble"),
    ("page", "integer", "Page, à partir de 1"),
    ("pages", "integer", "Nombre de pages"),
    ("per_page", "integer", "Réponses par page"),
];

pub(crate) const ACT: [Field; 34] = [
    ("id", "integer", "Identifiant, permanent"),
    ("title", "string", "Titre"),
    ("number", "string?", "Numéro dans le recueil"),
    ("own_number", "string?", "Numéro propre"),
    ("kind", "string?", "arrêté, décision…"),
    ("service", "string?", "Service"),
    ("signed_on", "date?", "Jour de signature"),
    ("signed_by", "string?", "Signataire"),
    ("capacity", "string?", "Qualité du signataire"),
    ("pages", "any", "Pages du PDF, bornes comprises"),
    ("facts", "Facts", "Ce que l’acte dit, chaque fait avec les mots dont il vient"),
    ("flags", "Flag[]", "Signalements : catégorie, niveau, règle, preuves"),
    ("prefecture", "object", "Qui publie"),
    ("bulletin", "object", "Le recueil"),
    ("pdf_sha256", "string?", "Empreinte du PDF archivé"),
    ("pdf_withheld", "boolean", "PDF non servi ici : l’exploitant en masque un passage"),
    ("first_seen_at", "date-time", "Quand Guetteur l’a vu pour la première fois"),
    ("updated_at", "date-time", "Dernier changement"),
    ("alert", "any", "Première alerte, tirée du sommaire, et ce qu’elle est devenue"),
    ("repeal", "any", "L’acte qui abroge, retire ou suspend celui-ci avant son terme"),
    ("outcomes", "array", "Ce que des juges ont décidé de l’acte (Outcome)"),
    (
        "hour",
        "object",
        "Ce que l’on sait de l’heure de publication : pdf_created, pdf_modified, last_modified, et les \
         bornes not_before, not_after, notice_at_most, notice_at_least (heures) : un indice",
    ),
    (
        "reviews",
        "array",
        "Ce que l’exploitant du site a trouvé de ses signalements et faits, qui le suivent (Review)",
    ),
    (
        "state",
        "string",
        "to_confirm, confirmed, corrected, withdrawn, restored, repealed, suspended, changed ou \
         annulled",
    ),
    ("level", "string?", "Niveau le plus fort"),
    ("categories", "array", "Catégories que l’acte autorise, restreint ou concerne"),
    ("mentions", "array", "Catégories que l’acte cite seulement"),
    ("to_check", "boolean", "Un humain doit confirmer"),
    ("published_on", "date?", "Jour de publication"),
    ("url", "string", "Page de l’acte"),
    ("pdf_url", "string?", "Le PDF archivé, à la page de la preuve"),
    ("source_url", "string", "Le PDF sur le site de la préfecture"),
    ("text", "array", "Texte, page par page (un acte seul)"),
    ("removed_at", "date-time?", "Depuis quand il n’est plus dans le recueil (un acte seul)"),
];

pub(crate) const BULLETIN: [Field; 15] = [
    ("id", "integer", "Identifiant"),
    ("prefecture", "object", "Qui publie"),
    ("title", "string", "Titre sur le site"),
    ("number", "string?", "Numéro"),
    ("series", "string?", "Série"),
    ("url", "string", "Adresse du PDF à la préfecture"),
    ("published_on", "date?", "Jour de publication"),
    ("first_seen_at", "date-time", "Vu pour la première fois"),
    ("last_seen_at", "date-time", "Vu pour la dernière fois"),
    ("withdrawn_at", "date-time?", "Depuis quand il a disparu du site"),
    ("stage", "string", "Jusqu’où il est traité"),
    ("pdf_sha256", "string?", "Empreinte du PDF archivé"),
    ("pdf_withheld", "boolean", "PDF non servi ici : l’exploitant en masque un passage"),
    ("page_count", "integer?", "Pages"),
    ("duplicate_of", "integer?", "Recueil qui a publié le même PDF le premier"),
];

pub(crate) const SOURCE: [Field; 25] = [
    ("code", "string", "Code"),
    ("name", "string", "Nom"),
    ("region", "string", "Région"),
    ("status", "string", "État"),
    ("status_label", "string", "État, en français"),
    ("last_ok_at", "date-time?", "Dernier passage réussi"),
    ("last_full_at", "date-time?", "Dernier passage complet"),
    ("last_new_at", "date-time?", "Dernier passage qui a trouvé du nouveau"),
    ("last_published_on", "date?", "Jour du dernier recueil"),
    ("looked_at", "date-time?", "Dernier coup d’œil à la liste la plus récente"),
    ("usual_days", "integer?", "Jours d’ordinaire entre deux parutions"),
    ("failure", "string?", "Nature du dernier échec, tant qu’il dure (refused, timed_out…)"),
    ("last_error", "string?", "Le même en détail, avec l’adresse"),
    ("reason", "string?", "Le même, en clair"),
    ("last_error_at", "date-time?", "Quand"),
    ("bulletins", "integer", "Recueils connus"),
    ("pending", "integer", "Recueils à traiter"),
    ("failed", "integer", "Recueils en échec"),
    ("acts", "integer", "Actes"),
    ("flagged", "integer", "Actes avec un signalement"),
    ("missing", "array", "Numéros de l’année que personne n’a vus"),
    ("only_indexed", "integer", "Recueils de l’index national que le site n’a jamais listés"),
    ("only_listed", "integer", "Recueils du site absents de l’index national"),
    ("left_out", "integer", "Documents que le dernier passage a laissés de côté"),
    ("distrusted_at", "date-time?", "Quand une liste dite inchangée ne l’était pas"),
];

impl Schema {
    /// As JSON Schema.
    pub(crate) fn json(self) -> Value {
        let list = |of: Value| {
            let mut whole = object(&LIST);
            whole["properties"]["results"] = json!({ "type": "array", "items": of });
            whole
        };
        match self {
            Self::Search => {
                let mut whole = list(reference("Act"));
                whole["properties"]["suggestion"] = json!({
                    "type": ["string", "null"],
                    "description": "La recherche sans ses fautes de frappe",
                });
                whole["properties"]["notes"] =
                    json!({ "type": "array", "items": { "type": "string" } });
                whole["properties"]["facets"] = json!({ "type": "object" });
                whole
            }
            Self::Act => reference("Act"),
            Self::Bulletins => list(reference("Bulletin")),
            Self::Bulletin => {
                let acts = json!({ "type": "array", "items": reference("Act") });
                let acts = json!({ "type": "object", "properties": { "acts": acts } });
                json!({ "allOf": [reference("Bulletin"), acts] })
            }
            Self::Communes => json!({ "type": "array", "items": reference("Commune") }),
            Self::Commune => {
                json!({ "allOf": [reference("Commune"), list(reference("Act"))] })
            }
            Self::Sources => json!({ "type": "array", "items": reference("Source") }),
            Self::Precedents => json!({ "type": "array", "items": reference("Precedent") }),
            Self::Texts => json!({ "type": "array", "items": reference("Text") }),
            Self::Investigation => reference("Investigation"),
            Self::Map => {
                let mut whole = object(&PERIOD);
                whole["properties"]["off_map"] = json!({
                    "type": "integer",
                    "description": "Actes de préfectures de région qui ne nomment aucune commune",
                });
                let rows = json!({ "type": "array", "items": reference("Departement") });
                whole["properties"]["results"] = rows;
                whole
            }
            Self::Subscription => reference("Subscription"),
            Self::Subscriptions => {
                let mut whole = object(&[LIST[0]]);
                whole["properties"]["results"] =
                    json!({ "type": "array", "items": reference("Subscription") });
                whole
            }
            Self::NewSubscription => {
                let mut whole = sent(&NEW_SUBSCRIPTION);
                whole["required"] = json!(["channel", "target"]);
                whole
            }
            Self::SubscriptionChange => sent(&SUBSCRIPTION_CHANGE),
            Self::Stats | Self::Any | Self::Nothing => json!({ "type": "object" }),
        }
    }

    /// What the answers refer to.
    pub(crate) fn components() -> Value {
        json!({
            "Act": object(&ACT),
            "Bulletin": object(&BULLETIN),
            "Source": object(&SOURCE),
            "Commune": object(&COMMUNE),
            "Investigation": object(&INVESTIGATION),
            "Departement": object(&DEPARTEMENT),
            "Facts": object(&FACTS),
            "Flag": object(&FLAG),
            "Span": object(&SPAN),
            "Trace": object(&TRACE),
            "Place": object(&PLACE),
            "ActReference": object(&ACT_REFERENCE),
            "LegalDoubt": object(&LEGAL_DOUBT),
            "Outcome": object(&OUTCOME),
            "Review": object(&REVIEW),
            "Precedent": object(&PRECEDENT),
            "Text": object(&TEXT),
            "Subscription": object(&SUBSCRIPTION),
            "Error": object(&[("error", "string", "Ce qui ne va pas, en français")]),
        })
    }
}

pub(crate) const COMMUNE: [Field; 4] = [
    ("insee", "string", "Code INSEE"),
    ("name", "string", "Nom"),
    ("acts", "integer", "Actes qui la nomment, parmi ceux demandés"),
    ("url", "string", "Sa page"),
];

const PERIOD: [Field; 2] =
    [("from", "date", "Premier jour"), ("to", "date", "Dernier jour, compris")];

pub(crate) const INVESTIGATION: [Field; 5] = [
    PERIOD[0],
    PERIOD[1],
    ("counted", "integer", "Actes comptés"),
    ("apart", "array", "Actes mis à part, par motif : ils ne sont dans aucun autre chiffre"),
    ("tables", "object", "Les tableaux de la page, par nom ; les colonnes sont celles du CSV"),
];

pub(crate) const DEPARTEMENT: [Field; 12] = [
    ("departement", "string", "Nom"),
    ("code", "string", "Code"),
    ("regarde", "string", "« oui » si quelqu’un a regardé sur cette période"),
    ("actes", "integer?", "Actes qui autorisent, publiés dans la période"),
    ("jours", "integer?", "Jours de la période avec au moins un acte en vigueur"),
    ("preavis_mesures", "integer?", "Actes dont le préavis se mesure"),
    ("moins_48h", "integer?", "Ceux publiés moins de 48 h avant leur effet, ou après"),
    ("part_48h", "number?", "Leur part, en pour cent"),
    ("recueils_lus", "integer", "Recueils lus, toutes périodes ensemble"),
    ("lu_depuis", "string?", "Jour du plus ancien recueil lu"),
    ("en_vigueur", "integer?", "Actes en vigueur au moins un jour de la période"),
    ("communes_au_registre", "integer", "Communes interpellées, d’après le registre"),
];

/// Of an act: `facts.legal_doubts`.
pub(crate) const LEGAL_DOUBT: [Field; 6] = [
    ("kind", "string", "Ce qui est mis en doute (no-basis, too-long…)"),
    ("category", "string", "La mesure dont il s’agit"),
    ("text", "string", "Identifiant du texte (/api/v1/textes)"),
    ("says", "string", "Le doute, en une phrase"),
    ("dispelled_by", "string", "Ce qui pourrait le lever"),
    ("evidence", "Span[]", "Les mots de l’acte"),
];

pub(crate) const TEXT: [Field; 13] = [
    ("id", "string", "Identifiant"),
    ("cite", "string", "Comment on le cite"),
    ("title", "string", "De quoi il traite"),
    ("articles", "array", "Ses articles, comme les actes les citent"),
    ("from", "date?", "Premier jour en vigueur"),
    ("to", "date?", "Dernier jour en vigueur"),
    ("says", "string", "Ce qu’il dit"),
    ("categories", "array", "Catégories qu’il concerne"),
    ("basis", "boolean", "S’il permet à lui seul d’autoriser la mesure"),
    ("source", "string", "Où le lire"),
    ("read_on", "date", "Quand il a été lu"),
    ("state", "string", "ok, ou open : à vérifier, aucun doute n’en est tiré"),
    ("note", "string?", "Ce qui reste à vérifier"),
];

/// Of an act: `outcomes`.
pub(crate) const OUTCOME: [Field; 10] = [
    ("id", "integer", "Identifiant"),
    ("act", "integer", "L’acte"),
    ("court", "string", "Juridiction"),
    ("number", "string", "Numéro de l’affaire"),
    ("decided_on", "date", "Jour de la décision"),
    (
        "ruling",
        "string",
        "suspended, annulled, rejected (rien ne change), lifted (suspension levée) ou withdrawn (acte retiré avant le jugement)",
    ),
    ("ground", "string?", "Motif : no-basis, duration, necessity…"),
    ("source", "string?", "Où la lire"),
    ("note", "string?", "Ce qu’ajoute l’exploitant"),
    ("recorded_at", "date-time", "Quand elle a été notée ici"),
];

/// Of an act: `reviews`.
pub(crate) const REVIEW: [Field; 7] = [
    ("id", "integer", "Identifiant"),
    ("act", "integer", "L’acte"),
    ("subject", "string", "flag:CATÉGORIE, ou le nom du fait (valid_from…)"),
    ("answer", "string", "accepted (confirmé), rejected (écarté) ou corrected (corrigé)"),
    ("value", "any", "Ce qui est confirmé ou corrigé : niveau du signalement, valeur du fait"),
    ("reason", "string", "Pourquoi"),
    ("reviewed_at", "date-time", "Quand"),
];

pub(crate) const PRECEDENT: [Field; 14] = [
    OUTCOME[0],
    OUTCOME[1],
    OUTCOME[2],
    OUTCOME[3],
    OUTCOME[4],
    OUTCOME[5],
    OUTCOME[6],
    OUTCOME[7],
    OUTCOME[8],
    OUTCOME[9],
    ("act_title", "string", "Titre de l’acte"),
    ("act_url", "string", "Sa page"),
    ("prefecture", "string", "Code de la préfecture"),
    ("categories", "array", "Les mesures dont le juge était saisi"),
];

pub(crate) const SUBSCRIPTION: [Field; 13] = [
    ("id", "integer", "Identifiant"),
    ("channel", "mail|webhook", "Par quelle voie"),
    ("target", "string", "L’adresse, de la boîte ou du récepteur"),
    ("query", "string", "Ce qui suit ? dans l’adresse de la liste"),
    ("followed", "string", "La liste, en mots"),
    ("url", "string", "La liste"),
    ("frequency", "immediate|daily|weekly", "À quel rythme"),
    (
        "state",
        "to_confirm|active|paused|suspended",
        "suspended : la boîte n’existe pas, ou le récepteur a répondu 410",
    ),
    ("note", "string?", "Note, rappelée dans chaque lettre"),
    ("renewals", "boolean", "Lettre avant la fin d’autorisations de vidéoprotection"),
    ("still_watching", "boolean", "Lettre chaque semaine même quand il n’y a rien"),
    ("confirmed_at", "date-time?", "Depuis quand ce qui paraît est envoyé"),
    ("secret", "string?", "De quoi vérifier les envois d’un webhook ; à sa création seulement"),
];

const NEW_SUBSCRIPTION: [Field; 7] = [
    SUBSCRIPTION[1],
    SUBSCRIPTION[2],
    SUBSCRIPTION[3],
    ("frequency", "immediate|daily|weekly", "À quel rythme ; sans rien : immediate"),
    ("note", "string", "Note, rappelée dans chaque lettre ; 200 caractères au plus"),
    SUBSCRIPTION[9],
    SUBSCRIPTION[10],
];

const SUBSCRIPTION_CHANGE: [Field; 5] = [
    SUBSCRIPTION[6],
    ("paused", "boolean", "En pause ; ce qui paraît pendant la pause n’est pas envoyé après"),
    ("note", "string", "Note ; vide, elle s’efface ; 200 caractères au plus"),
    SUBSCRIPTION[9],
    SUBSCRIPTION[10],
];

/// An object that is sent: of other names there are none.
fn sent(fields: &[Field]) -> Value {
    let mut whole = object(fields);
    whole["additionalProperties"] = json!(false);
    whole
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn object(fields: &[Field]) -> Value {
    let property = |(name, kind, about): &Field| {
        let (kind, nullable) = kind.strip_suffix('?').map_or((*kind, false), |kind| (kind, true));
        let mut schema = match kind.strip_suffix("[]") {
            Some(of) => json!({ "type": "array", "items": value(of) }),
            None => value(kind),
        };
        if nullable {
            schema["type"] = json!([schema["type"], "null"]);
        }
        schema["description"] = json!(about);
        ((*name).to_owned(), schema)
    };
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    json!({ "type": "object", "properties": properties })
}

fn value(kind: &str) -> Value {
    match kind {
        "any" => json!({}),
        _ if kind.contains('|') => {
            json!({ "type": "string", "enum": kind.split('|').collect::<Vec<_>>() })
        }
        "date" | "date-time" => json!({ "type": "string", "format": kind }),
        _ if kind.starts_with(|first: char| first.is_ascii_uppercase()) => reference(kind),
        _ => json!({ "type": kind }),
    }
}
