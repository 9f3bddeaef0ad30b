-- Acts that are changed or cancelled after they were filed; what answers to questions need: names found as people compare
-- them, papers by their numbers; letters written once.

-- As `folded` in src/core/folded.ts does to the letters that names here are written with. Its own function, because the
-- extension unaccent may be missing and is not immutable.
create function xms.folded(name text) returns text language sql immutable strict parallel safe as $$
  select regexp_replace(btrim(replace(replace(lower(translate(name,
    'ÀÁÂÃÄÅàáâãäåÇçÈÉÊËèéêëÌÍÎÏìíîïÑñÒÓÔÕÖòóôõöÙÚÛÜùúûüÝýÿŒÆ’',
    'AAAAAAaaaaaaCcEEEEeeeeIIIIiiiiNnOOOOOoooooUUUUuuuuYyyœæ''')),
    'œ', 'oe'), 'æ', 'ae')), '\s+', ' ', 'g')
$$;

drop index "Naissance_nom", "Mariage_epoux", "Deces_nom", "Diplome_nom", "Permis_nom", "CarteEnregistrement_nom";
create index "Naissance_nom" on "Naissance" (xms.folded("Nom"), "Numero");
create index "Mariage_epoux" on "Mariage" (xms.folded("NomEpoux"), "Numero");
create index "Deces_nom" on "Deces" (xms.folded("Nom"), "Numero");
create index "Diplome_nom" on "Diplome" (xms.folded("Nom"), "Numero");
create index "Permis_nom" on "Permis" (xms.folded("Nom"), "Numero");
create index "CarteEnregistrement_nom" on "CarteEnregistrement" (xms.folded("Nom"), "Numero");
create index "Diplome_numero" on "Diplome" ("NumeroDiplome");
create index "Permis_numero" on "Permis" ("NumeroPermis");
create index "CarteEnregistrement_numero" on "CarteEnregistrement" ("NumeroCarte");

-- Letters of XMServerSystem that are in the outbox: the two databases share no transaction, and each goes once.
create table xms.letter (
  key       text primary key,
  posted_at timestamptz not null default now()
);

-- What a message did to its record: filed it, added margin notes to it, or cancelled it.
alter table xms.provenance
  add column act text not null default 'filed' check (act in ('filed', 'changed', 'cancelled'));

-- Margin notes as they were before; the signed original of each version is in xms.provenance.
create table xms.version (
  id         bigint generated always as identity primary key,
  table_name text not null,
  numero     bigint not null,
  notes      text,
  until      timestamptz not null default now()
);
create index version_record on xms.version (table_name, numero, id);
