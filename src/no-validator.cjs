// conf loads ajv, its formats and semver, and needs none of them where it has neither a schema nor migrations.
module.exports = {};
