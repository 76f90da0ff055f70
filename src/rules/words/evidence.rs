//! How good the evidence is, stated honestly (protocol 3.4).

use crate::rules::sources::{
    ACP_2017, BLACKPOOL, COCHRANE_ACTIVE, COCHRANE_HEAT_COLD, COLD_LEAFLET, Citation, G_CARE, GARRA_2010,
    HEAT_LEAFLET, HOME_CARE, NADLER_2002, NG59, NHS_INFORM, NHS_SELF_CARE, NO_COLD, NO_HEAT, OWN, SEED,
    SHERWOOD,
};
use serde::Serialize;
use utoipa::ToSchema;

/// A note on the evidence behind a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleEvidence)]
pub enum Evidence {
    /// Warning signs.
    RedFlags,
    /// Safety of the skin.
    SkinSafety,
    /// Ice first.
    IceFirst,
    /// Heat.
    Heat,
    /// 20 on, 20 off.
    Rhythm,
    /// Rest, and not too much of it.
    StayActive,
    /// Stretches.
    Stretches,
    /// When to see somebody.
    NotBetter,
    /// What the guide does not speak of.
    Scope,
    /// A default of this project.
    Derived,
}

impl Evidence {
    /// Every note, in the order of its declaration.
    pub const ALL: &'static [Self] = &[
        Self::RedFlags,
        Self::SkinSafety,
        Self::IceFirst,
        Self::Heat,
        Self::Rhythm,
        Self::StayActive,
        Self::Stretches,
        Self::NotBetter,
        Self::Scope,
        Self::Derived,
    ];

    /// What the note is about.
    pub const fn title(self) -> &'static str {
        match self {
            Self::RedFlags => "warning signs",
            Self::SkinSafety => "safety of the skin",
            Self::IceFirst => "ice first",
            Self::Heat => "heat",
            Self::Rhythm => "20 on, 20 off",
            Self::StayActive => "rest",
            Self::Stretches => "stretches",
            Self::NotBetter => "not getting better",
            Self::Scope => "out of scope",
            Self::Derived => "own default",
        }
    }

    /// The note.
    pub const fn text(self) -> &'static str {
        match self {
            Self::RedFlags => {
                "Warning signs as health services list them. A list cannot see everything: if something \
                 feels very wrong, get help."
            }
            Self::SkinSafety => {
                "Safety advice from hospital leaflets and published lists of contraindications."
            }
            Self::IceFirst => {
                "Ice first and heat after 48 to 72 hours is the source page's rule and common first aid, not \
                 the result of a trial. Reviews found too little evidence on cold, and no sure difference \
                 between heat and cold. The current NHS page has no 72-hour rule. Earlier heat is outside \
                 this guide; it has not been shown to do harm."
            }
            Self::Heat => {
                "For new low back pain a review of nine trials found that a heat wrap gives a small relief \
                 for a short time; a guideline of 2017 names superficial heat, with evidence of moderate \
                 quality. When to begin with it is the source page's rule, not the result of a trial."
            }
            Self::Rhythm => {
                "20 minutes on and 20 off is the source page's rule of thumb. Hospital leaflets say 10 to 20 \
                 minutes every two to three hours, so this guide adds a pause between rounds and a limit a day."
            }
            Self::StayActive => {
                "Staying active is slightly better than bed rest for pain and for getting about (a review of \
                 2010); it fits the source page's advice against strict bed rest."
            }
            Self::Stretches => {
                "Light stretches after pain and inflammation have settled are the source page's advice. The \
                 numbers that say \"settled\" are this project's own, and no clinician has reviewed them."
            }
            Self::NotBetter => {
                "Health services advise a check when back pain lasts for weeks or gets worse. The exact \
                 numbers differ between them, and some are this project's own."
            }
            Self::Scope => {
                "The source page was asked about this and gave no answer. No routine scan is advised without \
                 a clinician's judgement."
            }
            Self::Derived => "A documented default of this project; no clinician has reviewed it.",
        }
    }
    /// What the note rests on.
    pub const fn sources(self) -> &'static [Citation] {
        match self {
            Self::RedFlags => const { &[G_CARE.whole(), NHS_INFORM.whole()] },
            Self::SkinSafety => const { &[NO_COLD.whole(), NO_HEAT.whole(), HEAT_LEAFLET.whole()] },
            Self::IceFirst => {
                const {
                    &[
                        SEED.at("p5b"),
                        COCHRANE_HEAT_COLD.whole(),
                        ACP_2017.whole(),
                        GARRA_2010.whole(),
                        NADLER_2002.whole(),
                        NHS_SELF_CARE.whole(),
                    ]
                }
            }
            Self::Heat => const { &[SEED.at("p6"), COCHRANE_HEAT_COLD.whole(), ACP_2017.whole()] },
            Self::Rhythm => {
                const {
                    &[
                        SEED.at("p5b"),
                        COLD_LEAFLET.whole(),
                        SHERWOOD.whole(),
                        BLACKPOOL.whole(),
                        HOME_CARE.whole(),
                    ]
                }
            }
            Self::StayActive => const { &[COCHRANE_ACTIVE.whole(), SEED.at("p3")] },
            Self::Stretches => const { &[SEED.at("p7"), OWN.whole()] },
            Self::NotBetter => const { &[NHS_INFORM.whole(), OWN.whole()] },
            Self::Scope => const { &[SEED.at("c7, c13, c15"), NG59.at("1.1.4")] },
            Self::Derived => const { &[OWN.whole()] },
        }
    }
}
