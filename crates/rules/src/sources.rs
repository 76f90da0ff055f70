//! Where the rules come from, and how far each source was checked.

use serde::Serialize;
use utoipa::ToSchema;

/// How far a source was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceStatus {
    /// Read in the place named.
    Verified,
    /// Seen in a copy; the original was not reached.
    SecondaryCopy,
    /// Not read anywhere: never claim more.
    NotVerified,
}

impl SourceStatus {
    /// The status in plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::SecondaryCopy => "secondary copy",
            Self::NotVerified => "not verified",
        }
    }
}

/// A text that rules, numbers or telephone numbers rest on.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleSource)]
pub struct Source {
    /// Stable id.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Where it was read.
    pub address: &'static str,
    /// How far it was checked.
    pub status: SourceStatus,
}

/// A source, and the place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleCitation)]
pub struct Citation {
    /// The source's id.
    pub id: &'static str,
    /// The source's title.
    pub title: &'static str,
    /// The paragraph or section, as the source numbers it; may be empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    #[schema(required = false)]
    pub place: &'static str,
    /// How far the source was checked.
    pub status: SourceStatus,
}

impl Source {
    /// A citation of this place in the source.
    pub(crate) const fn at(&self, place: &'static str) -> Citation {
        Citation { id: self.id, title: self.title, place, status: self.status }
    }

    /// A citation of the source as a whole.
    pub(crate) const fn whole(&self) -> Citation {
        self.at("")
    }
}

macro_rules! sources {
    ($($name:ident = $id:literal, $title:literal, $address:literal, $status:ident;)+) => {
        $(pub(crate) const $name: Source = Source {
            id: $id,
            title: $title,
            address: $address,
            status: SourceStatus::$status,
        };)+
        /// Every source, in the order of the published table.
        pub static SOURCES: &[Source] = &[$($name,)+];
    };
}

sources! {
    SEED = "seed", "Relief for Back Spasms, Jesse Cannone, The Healthy Back Institute",
        "losethebackpain.com", Verified;
    OWN = "own", "A documented default of this project; no clinician has reviewed it",
        "docs/rules.md", NotVerified;
    NG59 = "ng59", "NICE guideline NG59, Low back pain and sciatica in over 16s, recommendations",
        "www.nice.org.uk/guidance/ng59/chapter/Recommendations", Verified;
    NG59_DRUGS = "ng59_drugs", "NICE guideline NG59, drug recommendations (NICE Bites)",
        "medicines.necsu.nhs.uk/nice-bites-low-back-pain-and-sciatica-in-over-16s", Verified;
    NHS_BACK_PAIN = "nhs_back_pain", "NHS, Back pain: when to call 111 or 999",
        "copies of nhs.uk; the NHS site itself was not reached", SecondaryCopy;
    NHS_SELF_CARE = "nhs_self_care", "NHS, Back pain: self-care",
        "1stchoicepharmacy.co.uk/nhs_conditions_back-pain", SecondaryCopy;
    NHS_SHEFFIELD = "nhs_sheffield", "NHS Sheffield, Aches and pains",
        "sheffieldachespains-staging.preflight.site", SecondaryCopy;
    NHS_INFORM = "nhs_inform", "NHS inform (Scotland), Back problems",
        "www.nhsinform.scot/illnesses-and-conditions/muscle-bone-and-joints/self-management-advice/back-problems/",
        Verified;
    CES_LIST = "ces_list", "Norfolk and Waveney Community Health, Got back pain",
        "norfolkandwaveneycommunityhealth.nhs.uk/msk/", Verified;
    NORTHERN_HSC = "northern_hsc", "Northern HSC Trust, Low back pain: emergency list",
        "www.northerntrust.hscni.net", Verified;
    NBK52120 = "nbk52120", "NCBI Bookshelf, red-flag table (fracture, tumour or infection, cauda equina)",
        "ncbi.nlm.nih.gov/books/NBK52120/table/A34364/", Verified;
    G_CARE = "g_care", "g-care Gloucestershire, back pain pathway: red flags",
        "g-care.glos.nhs.uk/pathway/71/resource/3", Verified;
    AAFP_2018 = "aafp_2018", "Will, Bury, Miller, Mechanical Low Back Pain, American Family Physician 2018;98(7):421",
        "copy of the abstract", SecondaryCopy;
    AAFP_2012 = "aafp_2012", "Casazza, Acute Low Back Pain, American Family Physician 2012;85(4):343",
        "docslib.org/doc/12505250", SecondaryCopy;
    MAYO = "mayo", "Mayo Clinic Health System, when to make an appointment",
        "mayoclinichealthsystem.org", Verified;
    LIFESPAN = "lifespan", "Lifespan, when to seek help", "www.pedimind.lifespan.org", Verified;
    ACP_2017 = "acp_2017", "Qaseem and others, American College of Physicians, Ann Intern Med 2017;166:514",
        "guidelinecentral.com/guideline/13349/", Verified;
    COCHRANE_HEAT_COLD = "cochrane_heat_cold", "French and others, Superficial heat or cold for low back pain, Cochrane 2006",
        "cochranelibrary.com CD004750.pub2", Verified;
    GARRA_2010 = "garra_2010", "Garra and others, Heat or cold packs for neck and back strain, 2010",
        "pubmed.ncbi.nlm.nih.gov/20536800/", Verified;
    NADLER_2002 = "nadler_2002", "Nadler and others, heat-wrap trial 2002: who was excluded",
        "PMC7161726 (CD013581), PMC8846312", Verified;
    COCHRANE_ACTIVE = "cochrane_active", "Advice to rest in bed versus advice to stay active, Cochrane 2010",
        "cochranelibrary.com CD007612.pub2", Verified;
    COLD_LEAFLET = "cold_leaflet", "Midlands Partnership NHS, Safe use of cold treatment",
        "mpft.nhs.uk", Verified;
    HEAT_LEAFLET = "heat_leaflet", "Midlands Partnership NHS, Safe use of heat treatment",
        "mpft.nhs.uk", Verified;
    SHERWOOD = "sherwood", "Sherwood Forest Hospitals, Heat and ice",
        "sfh-tr.azurewebsites.net", Verified;
    BLACKPOOL = "blackpool", "Blackpool Teaching Hospitals, patient leaflet PL774",
        "blackpoolteachinghospitals.nhs.uk/patients/patient-leaflets/PL774", Verified;
    HOME_CARE = "home_care", "Treating back pain at home (unattributed)",
        "brainkart.com/article/Treating-back-pain-at-home_251/", SecondaryCopy;
    NO_COLD = "no_cold", "Contraindications for therapeutic cold treatment",
        "medicalalgorithms.com; sportsinjuryclinic.net", Verified;
    NO_HEAT = "no_heat", "Contraindications for therapeutic heat",
        "medicalalgorithms.com; deroyal.com; blogdefisioterapia.com", Verified;
    FDA_RUBS = "fda_rubs", "FDA Drug Safety Communication, 13 September 2012: muscle rubs and burns",
        "fda.gov/Drugs/DrugSafety/ucm318858.htm", SecondaryCopy;
    NHS_IBUPROFEN = "nhs_ibuprofen", "NHS, cautions with ibuprofen", "copies of nhs.uk; arthritis.ca", SecondaryCopy;
    US_LABEL = "us_label", "US label of over-the-counter ibuprofen", "copy of the label", SecondaryCopy;
    NG65 = "ng65", "NICE guideline NG65, Spondyloarthritis: features of inflammatory back pain (BJGP 2018;68:346)",
        "copy in the British Journal of General Practice", SecondaryCopy;
    COLD_ANAPHYLAXIS = "cold_anaphylaxis", "Cold urticaria and anaphylaxis, case report 2021",
        "doi.org/10.5811/cpcem.2021.4.51164 (abstract)", SecondaryCopy;
    NI_ANEURYSM = "ni_aneurysm", "nidirect (Northern Ireland), Abdominal aortic aneurysm: signs of a burst",
        "www.nidirect.gov.uk", SecondaryCopy;
    NHS_111 = "nhs_111", "West Midlands Ambulance Service, Should I ring 999 or 111?",
        "wmas.nhs.uk/999-or-111/", Verified;
    EU_112 = "eu_112", "European Commission, 112: the European emergency number",
        "ec.europa.eu/information_society/activities/112/", Verified;
    DE_116117 = "de_116117", "Landesaerztekammer Baden-Wuerttemberg, Aerztlicher Bereitschaftsdienst 116 117",
        "laekbw-portal.justrelate.io/aerztlicher-bereitschaftsdienst-3c3998e11de6c0b8", Verified;
    FCC_911 = "fcc_911", "Federal Communications Commission, 911: the emergency number in the United States and Canada",
        "www.fcc.gov/consumer-information", Verified;
    CA_811 = "ca_811", "Health PEI, 811 Telehealth: one of the provinces; most share the number",
        "healthpei.ca/811", Verified;
    AU_HEALTHDIRECT = "au_healthdirect", "healthdirect Australia, What care do I need?",
        "www.healthdirect.gov.au/what-care-do-i-need", Verified;
    NZ_HEALTHLINE = "nz_healthline", "Ministry of Health New Zealand, Common questions about Healthline",
        "www.health.govt.nz/your-health/services-and-support/health-care-services/healthline/", Verified;
    NZ_111 = "nz_111", "New Dunedin Hospital, Where to go for care: call 111 in an emergency",
        "www.newdunedinhospital.nz/keeping-well/health-info-for-public/where-to-go-for-care/", Verified;
    IN_112 = "in_112", "Vikaspedia (Government of India), Emergency Response Support System",
        "en.vikaspedia.in/social-welfare/women-and-child-development/emergency-response-support-system", Verified;
    ZA_112 = "za_112", "IOL, KwaZulu-Natal Emergency Medical Services: dial 112 from a mobile phone",
        "www.iol.co.za/news/crime-courts/kzn-10111-line-out-of-order-9008815", SecondaryCopy;
    MERALGIA = "meralgia", "Mayo Clinic, Meralgia paresthetica (outer thigh; the front differs)",
        "mayoclinic.com/health/meralgia-paresthetica/DS00914", Verified;
}
