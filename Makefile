# Touchstone's commands. `make run` and `make test` install what is missing.
# no_animations: a caret that blinks redraws the window all day (idle 7.5 % of a core, without 0.9 %).
TAGS  := -tags migrated_fynedo,no_animations
GO    ?= go
BIN   := bin/touchstone
# The version stands in FyneApp.toml; a build of anything else says which commit it is.
VERSION := $(shell sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml)
STAMP   := $(VERSION)$(shell git diff --quiet HEAD 2>/dev/null || echo +changed)
# The packages that start goroutines: the race detector runs over these.
RACE  := ./engine/... ./storage/... ./ui/...

.PHONY: run test arm64 torture weaviate-test jvm-test build bench models pictures deps lint unit race fuzz day sbom vuln package cross

run: build ## open the window on the sample, or run the demo where there is no display
	@./tools/run.sh $(BIN)

build: deps ## compile bin/touchstone
	$(GO) build $(TAGS) -ldflags '-X main.version=$(STAMP)' -o $(BIN) .

test: deps lint vuln unit race ## everything that must hold

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these files'; exit 1; }
	$(GO) mod verify
	$(GO) vet $(TAGS) ./...
	$(GO) tool staticcheck $(TAGS) ./...

unit:
	$(GO) test $(TAGS) ./...

race:
	$(GO) test $(TAGS) -race -short $(RACE)

arm64: ## the encoder for arm64, under qemu; one minute, skipped where qemu is not installed
	@GO=$(GO) ./tools/test-arm64.sh

torture: ## 500 kills, 2,000 repairs, 4,000 damaged files: docs/reliability.md; many minutes
	$(GO) test $(TAGS) ./storage -run 'Killed|PowerCut|Repair|Damaged|DiskFull' -v -timeout 2h -rounds 500 -repairs 2000 -mutations 4000

# The real server that the tests of engine/remote/weaviate start on loopback; about four minutes, once.
WEAVIATE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/touchstone/bin
weaviate-test: ## tests against a real Weaviate, which is built first
	@test -x $(WEAVIATE)/weaviate-server || { mkdir -p $(WEAVIATE)/module && cd $(WEAVIATE)/module && \
		{ test -f go.mod || $(GO) mod init weaviate; } && GOFLAGS=-mod=mod GOBIN=$(WEAVIATE) $(GO) install github.com/weaviate/weaviate/cmd/weaviate-server@v1.35.2; }
	TOUCHSTONE_WEAVIATE_SERVER=$(WEAVIATE)/weaviate-server $(GO) test $(TAGS) -count=1 ./engine/remote/weaviate ./engine/workbench -run 'Weaviate|Machines|Index|Words|Cluster|Killed'

# The real Solr (with its learning to rank) and OpenSearch, from Maven Central; a JDK and mvn are Debian's.
JVM := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/touchstone/jvm
jvm-test: ## tests against real Solr and OpenSearch servers, which are fetched first
	@mkdir -p $(JVM)/classes
	@for kind in solr opensearch; do test -d $(JVM)/$$kind || \
		mvn -q -B -f engine/remote/testdata/jvm/$$kind.pom.xml dependency:copy-dependencies -DoutputDirectory=$(JVM)/$$kind || exit 1; done
	javac -d $(JVM)/classes -cp '$(JVM)/solr/*' engine/remote/testdata/jvm/SolrMain.java
	javac -d $(JVM)/classes -cp '$(JVM)/opensearch/*' engine/remote/testdata/jvm/OpenSearchMain.java
	TOUCHSTONE_JVM_SERVERS=$(JVM) $(GO) test $(TAGS) -count=1 ./engine/remote -run Real

bench: build ## the short benchmarks; docs/ names those that take longer
	$(GO) test $(TAGS) -run '^$$' -bench . -benchmem ./engine/... ./storage/...
	$(GO) run $(TAGS) ./bench/ranking

models: ## quantise the embedded models again from ../shared/models
	$(GO) generate ./assets

pictures: build ## draw the pictures of the pages in docs/ again
	$(BIN) demo --out demo
	cp demo/search.png docs/pictures/search.png
	$(GO) test $(TAGS) . -run TestPicturesOfTheGuide -pictures docs/pictures

deps:
	@./tools/install-deps.sh

FUZZTIME ?= 5m
fuzz: ## every fuzz target of every package for FUZZTIME, one after another: docs/reliability.md
	$(GO) run ./tools/fuzz -time $(FUZZTIME)

day: ## a judge's day of eight hours: 20,000 grades, 2,000 searches, 200 learnings
	$(GO) test $(TAGS) . -run TestDay -v -timeout 1h -day 1

sbom: ## bin/touchstone.cdx.json, what is linked with its licences, and the licences' texts
	@mkdir -p bin
	$(GO) run ./tools/supply sbom -version "$(or $(VERSION),dev)" > bin/touchstone.cdx.json
	cp assets/licences.txt bin/licences.txt

vuln:
	@GO="$(GO)" ./tools/govulncheck.sh
package: build ## dist/: a .deb and a tar for Linux, with menu entry, icon and file type
	$(GO) test ./tools/supply
	$(MAKE) sbom
	$(GO) build $(TAGS) -trimpath -ldflags '-s -w -X main.version=$(STAMP)' -o $(BIN) .
	./tools/package.sh $(BIN) $(VERSION) $$($(GO) env GOARCH)

cross: ## everything but the window compiles for macOS and Windows
	@for target in darwin/arm64 darwin/amd64 windows/amd64 linux/arm64; do \
		echo $$target; \
		CGO_ENABLED=0 GOOS=$${target%/*} GOARCH=$${target#*/} $(GO) vet ./engine/... ./storage/... ./cli/... ./assets/... ./ui/locale || exit 1; \
	done
