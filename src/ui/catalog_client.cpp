#include "ui/catalog_client.h"
