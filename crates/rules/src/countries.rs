//! Whom to call where (protocol 3.6). A row without a source does not go in.

use crate::domain::Country;
use crate::sources::{
    AU_HEALTHDIRECT, CA_811, Citation, DE_116117, EU_112, FCC_911, IN_112, NHS_111, NZ_111, NZ_HEALTHLINE,
    ZA_112,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The telephone numbers of one country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RuleCountry)]
pub struct CountryLines {
    /// The country.
    pub country: Country,
    /// The number for an emergency.
    pub emergency_number: &'static str,
    /// The number for medical advice that cannot wait, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub urgent_line: Option<&'static str>,
    /// Where the numbers come from.
    #[schema(value_type = Vec<Citation>)]
    pub sources: &'static [Citation],
}

macro_rules! countries {
    ($($code:literal: $emergency:literal $(, $urgent:literal)? [$($source:ident),+];)+) => {
        /// Every country whose numbers are known, in the order of the codes.
        pub static COUNTRIES: &[CountryLines] = &[$(CountryLines {
            country: Country::known(*$code),
            emergency_number: $emergency,
            urgent_line: countries!(@line $($urgent)?),
            sources: &[$($source.whole()),+],
        },)+];
    };
    (@line) => { None };
    (@line $urgent:literal) => { Some($urgent) };
}

countries! {
    b"AT": "112" [EU_112];
    b"AU": "000", "1800 022 222" [AU_HEALTHDIRECT];
    b"BE": "112" [EU_112];
    b"BG": "112" [EU_112];
    b"CA": "911", "811" [FCC_911, CA_811];
    b"CY": "112" [EU_112];
    b"CZ": "112" [EU_112];
    b"DE": "112", "116117" [EU_112, DE_116117];
    b"DK": "112" [EU_112];
    b"EE": "112" [EU_112];
    b"ES": "112" [EU_112];
    b"FI": "112" [EU_112];
    b"FR": "112" [EU_112];
    b"GB": "999", "111" [NHS_111];
    b"GR": "112" [EU_112];
    b"HR": "112" [EU_112];
    b"HU": "112" [EU_112];
    b"IE": "112" [EU_112];
    b"IN": "112" [IN_112];
    b"IT": "112" [EU_112];
    b"LT": "112" [EU_112];
    b"LU": "112" [EU_112];
    b"LV": "112" [EU_112];
    b"MT": "112" [EU_112];
    b"NL": "112" [EU_112];
    b"NZ": "111", "0800 611 116" [NZ_111, NZ_HEALTHLINE];
    b"PL": "112" [EU_112];
    b"PT": "112" [EU_112];
    b"RO": "112" [EU_112];
    b"SE": "112" [EU_112];
    b"SI": "112" [EU_112];
    b"SK": "112" [EU_112];
    b"US": "911" [FCC_911];
    b"ZA": "112" [ZA_112];
}

/// The numbers of a country, if they are known.
pub fn lines(country: Country) -> Option<&'static CountryLines> {
    COUNTRIES.iter().find(|lines| lines.country == country)
}
