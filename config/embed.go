package config

import "embed"

// Files are the files people edit, as they ship: creditsync.example.yaml, units.yaml and the folders mappings, platforms,
// codes and holidays, with the JSON Schemas that help an editor.
//
//go:embed creditsync.example.yaml units.yaml mappings/*.yaml platforms/*.yaml codes/*.yaml holidays/*.yaml schema/*.json
var Files embed.FS
