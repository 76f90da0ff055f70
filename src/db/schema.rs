//! The tables, once for both databases. Kept by hand beside the migrations; `tests/schema.rs` compares them
//! with what both databases really have.
#![expect(
    missing_docs,
    reason = "the macro makes a module for each table; the migrations say what each is for"
)]

diesel::table! {
    accounts (id) {
        id -> Text,
        email -> Text,
        email_key -> Text,
        password_hash -> Text,
        display_name -> Nullable<Text>,
        time_zone -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    revisions (account_id) {
        account_id -> Text,
        revision -> BigInt,
        purged_through -> BigInt,
    }
}

diesel::table! {
    recovery_codes (account_id, id) {
        account_id -> Text,
        id -> Text,
        code_hash -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (account_id, id) {
        account_id -> Text,
        id -> Text,
        device_name -> Nullable<Text>,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (account_id, id) {
        account_id -> Text,
        id -> Text,
        session_id -> Text,
        secret_hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        spent_at -> Nullable<BigInt>,
        successor_id -> Nullable<Text>,
    }
}

diesel::table! {
    episodes (account_id, id) {
        account_id -> Text,
        id -> Text,
        revision -> BigInt,
        recorded_at -> BigInt,
        started_at -> BigInt,
        started_offset -> SmallInt,
        ended_at -> Nullable<BigInt>,
        ended_offset -> Nullable<SmallInt>,
        location -> Text,
        trigger -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    flares (account_id, id) {
        account_id -> Text,
        id -> Text,
        revision -> BigInt,
        recorded_at -> BigInt,
        episode_id -> Text,
        at -> BigInt,
        at_offset -> SmallInt,
        trigger -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    applications (account_id, id) {
        account_id -> Text,
        id -> Text,
        revision -> BigInt,
        recorded_at -> BigInt,
        episode_id -> Text,
        started_at -> BigInt,
        started_offset -> SmallInt,
        ended_at -> Nullable<BigInt>,
        ended_offset -> Nullable<SmallInt>,
        modality -> Text,
        barrier -> Nullable<Bool>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    pain_scores (account_id, id) {
        account_id -> Text,
        id -> Text,
        revision -> BigInt,
        recorded_at -> BigInt,
        episode_id -> Nullable<Text>,
        at -> BigInt,
        at_offset -> SmallInt,
        score -> SmallInt,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    check_ins (account_id, id) {
        account_id -> Text,
        id -> Text,
        revision -> BigInt,
        recorded_at -> BigInt,
        episode_id -> Nullable<Text>,
        at -> BigInt,
        at_offset -> SmallInt,
        inflammation -> Nullable<Text>,
        skin -> Nullable<Text>,
        symptoms -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    measures (account_id, id) {
        account_id -> Text,
        id -> Text,
        revision -> BigInt,
        recorded_at -> BigInt,
        episode_id -> Nullable<Text>,
        started_at -> BigInt,
        started_offset -> SmallInt,
        ended_at -> Nullable<BigInt>,
        ended_offset -> Nullable<SmallInt>,
        kind -> Text,
        name -> Nullable<Text>,
        dose -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    profiles (account_id) {
        account_id -> Text,
        revision -> BigInt,
        recorded_at -> BigInt,
        birth_year -> Nullable<SmallInt>,
        conditions -> Text,
        achy_between_episodes -> Nullable<Bool>,
    }
}

diesel::table! {
    tombstones (account_id, kind, id) {
        account_id -> Text,
        id -> Text,
        kind -> Text,
        revision -> BigInt,
        deleted_at -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (account_id, id) {
        account_id -> Text,
        id -> Text,
        fingerprint -> Text,
        record_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    invites (id) {
        id -> Text,
        code_hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_events (account_id, id) {
        account_id -> Text,
        id -> Text,
        at -> BigInt,
        action -> Text,
        session_id -> Nullable<Text>,
        token_id -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    calendar_links (account_id, id) {
        account_id -> Text,
        id -> Text,
        name -> Nullable<Text>,
        secret_hash -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_attempts (id) {
        id -> Text,
        failures -> BigInt,
        tried_at -> BigInt,
        blocked_until -> BigInt,
    }
}

diesel::table! {
    personal_tokens (account_id, id) {
        account_id -> Text,
        id -> Text,
        name -> Text,
        scopes -> Text,
        secret_hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    shares (account_id, id) {
        account_id -> Text,
        id -> Text,
        label -> Nullable<Text>,
        kind -> Text,
        from_at -> Nullable<BigInt>,
        from_offset -> Nullable<SmallInt>,
        to_at -> Nullable<BigInt>,
        to_offset -> Nullable<SmallInt>,
        episode_id -> Nullable<Text>,
        question -> Nullable<Text>,
        notes -> Bool,
        identity_name -> Nullable<Text>,
        identity_birth_date -> Nullable<Text>,
        secret_hash -> Text,
        key_salt -> Text,
        passcode_hash -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        attempts -> BigInt,
        wrong -> BigInt,
        opened_count -> BigInt,
        last_opened_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    share_openings (account_id, share_id, id) {
        account_id -> Text,
        share_id -> Text,
        id -> Text,
        at -> BigInt,
        recipient -> Text,
        outcome -> Text,
    }
}
