// Package site publishes by the county's own web site: results of objects that are no market entities (mine sites,
// villages, surveying staff) do not belong on the enterprise platform, and the bureau's notice has them shown there.
//
// Each delivery becomes a folder that a person, or the web site's own import, takes from the outbox to the published
// folder: 公示.html to read and print, data.json for machines, SHA256SUMS over both. It promises that a package appears
// whole or not at all, that the same delivery never makes two different packages, and that a record counts as published
// only while its package stands in the published folder with every hash intact. It does not promise that the web site
// shows what the published folder holds.
package site
