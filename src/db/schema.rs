//! The tables, once for both databases. Kept by hand beside the migrations; `tests/schema.rs` compares them
//! with what both databases really have.
#![expect(
    missing_docs,
    reason = "the macro makes a module for each table; the migrations say what each is for"
)]

diesel::table! {
    accounts (id) {
        id -> Binary,
        email -> Text,
        email_key -> Text,
        password_hash -> Text,
        display_name -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        country -> Nullable<Text>,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    revisions (account_id) {
        account_id -> Binary,
        revision -> BigInt,
        purged_through -> BigInt,
        restored_through -> BigInt,
        record_count -> BigInt,
        byte_count -> BigInt,
    }
}

diesel::table! {
    recovery_codes (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        code_hash -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sessions (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        device_name -> Nullable<Text>,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        client_id -> Nullable<Binary>,
        scopes -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_tokens (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        session_id -> Binary,
        secret_hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        spent_at -> Nullable<BigInt>,
        successor_id -> Nullable<Binary>,
    }
}

diesel::table! {
    devices (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        secret_hash -> Text,
        used_at -> BigInt,
    }
}

diesel::table! {
    records (account_id, kind, at, id) {
        account_id -> Binary,
        kind -> SmallInt,
        at -> BigInt,
        id -> Binary,
        at_offset -> SmallInt,
        revision -> BigInt,
        recorded_at -> BigInt,
        episode_id -> Nullable<Binary>,
        ended_at -> Nullable<BigInt>,
        ended_offset -> Nullable<SmallInt>,
        end_recorded -> Nullable<Bool>,
        note -> Nullable<Text>,
        location -> Nullable<Text>,
        trigger -> Nullable<Text>,
        modality -> Nullable<Text>,
        barrier -> Nullable<Bool>,
        score -> Nullable<SmallInt>,
        inflammation -> Nullable<Text>,
        skin -> Nullable<Text>,
        symptoms -> Nullable<Text>,
        function -> Nullable<SmallInt>,
        days_off -> Nullable<SmallInt>,
        side -> Nullable<Text>,
        below_knee -> Nullable<Bool>,
        eases -> Nullable<Text>,
        worsens -> Nullable<Text>,
        peg -> Nullable<Text>,
        measure -> Nullable<Text>,
        name -> Nullable<Text>,
        dose -> Nullable<Text>,
        lasting -> Nullable<Bool>,
    }
}

diesel::table! {
    profiles (account_id) {
        account_id -> Binary,
        revision -> BigInt,
        recorded_at -> BigInt,
        birth_year -> Nullable<SmallInt>,
        conditions -> Nullable<Text>,
        achy_between_episodes -> Nullable<Bool>,
    }
}

diesel::table! {
    tombstones (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        kind -> SmallInt,
        revision -> BigInt,
        deleted_at -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (account_id, id) {
        account_id -> Binary,
        id -> Text,
        fingerprint -> Text,
        record_id -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    invites (id) {
        id -> Binary,
        code_hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_events (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        at -> BigInt,
        action -> Text,
        session_id -> Nullable<Binary>,
        token_id -> Nullable<Binary>,
        subject_id -> Nullable<Binary>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    calendar_links (account_id, id) {
        account_id -> Binary,
        id -> Binary,
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
        account_id -> Binary,
        id -> Binary,
        name -> Text,
        scopes -> Text,
        secret_hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    apps (id) {
        id -> Binary,
        owner_id -> Nullable<Binary>,
        name -> Text,
        redirect_uris -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    authorization_codes (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        secret_hash -> Text,
        client_id -> Binary,
        redirect_uri -> Text,
        code_challenge -> Text,
        scopes -> Text,
        created_at -> BigInt,
        session_id -> Nullable<Binary>,
    }
}

diesel::table! {
    device_grants (id) {
        id -> Binary,
        secret_hash -> Text,
        user_code_hash -> Text,
        client_id -> Binary,
        scopes -> Text,
        created_at -> BigInt,
        interval_seconds -> BigInt,
        polled_at -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
        account_id -> Nullable<Binary>,
    }
}

diesel::table! {
    second_factors (account_id) {
        account_id -> Binary,
        secret -> Text,
        created_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
    }
}

diesel::table! {
    shares (account_id, id) {
        account_id -> Binary,
        id -> Binary,
        label -> Nullable<Text>,
        kind -> Text,
        from_at -> Nullable<BigInt>,
        from_offset -> Nullable<SmallInt>,
        to_at -> Nullable<BigInt>,
        to_offset -> Nullable<SmallInt>,
        episode_id -> Nullable<Binary>,
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
        account_id -> Binary,
        share_id -> Binary,
        id -> Binary,
        at -> BigInt,
        recipient -> Text,
        outcome -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(accounts, personal_tokens);
